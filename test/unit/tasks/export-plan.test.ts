import { describe, expect, test } from "vitest";
import { CatmaidApiError, InvalidOutError, NoMirrorError, tileErrorFrom } from "../../../src/errors.js";
import { askedTask, askedTasks } from "../../../src/tasks/plan/export-plan.js";
import { NumberRanges, rangesText } from "../../../src/tasks/plan/number-ranges.js";
import { withoutUserInfo } from "../../../src/tasks/plan/without-user-info.js";
import { mayTryAgain, NotYetError } from "../../../src/tasks/run/task-failure.js";

describe("the tasks that a plan asks for", () => {
  const lines = [
    { first: 0, step: 1 },
    { first: 0, step: 1 },
    { first: 0, step: 1 },
  ] as const;
  const stages = [
    { level: 0, firstTask: 0, tasks: 6, made: "fetched", lines },
    { level: 1, firstTask: 6, tasks: 2, made: "mean", lines },
  ] as const;

  test("are all of them, or those that are left", () => {
    expect(askedTasks({ stages })).toEqual([[0, 7]]);
    expect([0, 7, 8].map((index) => askedTask({ stages }, index))).toEqual([0, 7, undefined]);
    const only = [
      [1, 1],
      [3, 5],
      [7, 7],
    ] as const;
    expect([0, 1, 2, 3, 4, 5].map((index) => askedTask({ stages, only }, index))).toEqual([
      1,
      3,
      4,
      5,
      7,
      undefined,
    ]);
  });

  test("are told as ranges, of which there are never too many", () => {
    const textOf = (numbers: readonly number[]): string => {
      const ranges = new NumberRanges();
      for (const number of numbers) ranges.add(number);
      return rangesText(ranges.all);
    };
    expect(textOf([4])).toBe("task 4");
    expect(textOf([0, 1, 2, 5, 7, 8])).toBe("tasks 0-2, 5, 7-8");
    const odd = Array.from({ length: 20 }, (_, i) => 2 * i + 1);
    expect(textOf(odd)).toBe("tasks 1, 3, 5, 7, 9, 11, 13, 15, and 12 ranges more");
  });
});

test("a stack info loses what its addresses say of users, and nothing else", () => {
  const info = {
    title: "mail me@example.org: a@b",
    mirrors: [
      { image_base: "https://me:pass@example.org/a@b/?u=http://x:y@z" },
      { image_base: "n5://http://me:pass@example.org/a/" },
      { image_base: " HTTP://only@example.org/" },
    ],
    n: [1, null, true],
  };
  expect(withoutUserInfo(info)).toEqual({
    taken: 3,
    value: {
      ...info,
      mirrors: [
        { image_base: "https://example.org/a@b/?u=http://x:y@z" },
        { image_base: "n5://http://example.org/a/" },
        { image_base: " HTTP://example.org/" },
      ],
    },
  });
});

describe("a failure may go better another time", () => {
  const tile = (
    reason: "network" | "timeout" | "http" | "redirect" | "corrupt-image" | "worker",
    status = 0,
  ) => tileErrorFrom({ reason, message: "it failed", url: "http://example.org/", status });
  const system = (code: string) => Object.assign(new Error(code), { code });
  test.each([
    [true, "a connection", tile("network")],
    [true, "a time-out", tile("timeout")],
    [true, "503", tile("http", 503)],
    [true, "429", tile("http", 429)],
    [true, "a worker", tile("worker")],
    [true, "CATMAID away", new CatmaidApiError("away", { url: "", status: 0 })],
    [true, "no mirror", new NoMirrorError("none answered")],
    [true, "a full disk", system("ENOSPC")],
    [true, "a disk far away", system("ESTALE")],
    [true, "another run", new NotYetError("wait")],
    [false, "401", tile("http", 401)],
    [false, "400", tile("http", 400)],
    [false, "a redirect", tile("redirect")],
    [false, "a damaged tile", tile("corrupt-image")],
    [false, "CATMAID's refusal", new CatmaidApiError("no", { url: "", status: 403 })],
    [false, "voxels that do not fit", new InvalidOutError("no")],
    [false, "no permission", system("EACCES")],
    [false, "a mistake of ours", new TypeError("undefined is not a function")],
  ])("%s: %s", (expected, _, error) => {
    expect(mayTryAgain(error)).toBe(expected);
  });
});
