import { describe, expect, it } from "vitest";
import { Arguments } from "../../../src/cli/input/arguments.node.js";
import { progressText } from "../../../src/cli/output/progress-bar.node.js";

const progress = {
  planned: 200,
  done: 50,
  fetched: 48,
  cached: 0,
  filled: 2,
  empty: 0,
  elsewhere: 0,
  retries: 1,
  bytes: 3 * 2 ** 20,
};

describe("progressText", () => {
  it("fits the terminal, whatever its width", () => {
    for (const columns of [10, 40, 60, 80, 200]) {
      expect(progressText(progress, "tile", 1000, columns).length).toBeLessThan(Math.max(columns, 11));
    }
  });

  it("says how far the fetch is", () => {
    expect(progressText(progress, "tile", 1000, 120)).toBe(
      "[########----------------------]  25 %  50/200 tiles  3.0 MiB  2 filled  1 retry  3.0 MiB/s  3.0 s left",
    );
    const done = { ...progress, done: 200, filled: 0, retries: 0 };
    expect(progressText(done, "tile", 1000, 120)).toBe(
      "[##############################] 100 %  200/200 tiles  3.0 MiB  3.0 MiB/s",
    );
  });
});

describe("Arguments", () => {
  const options = {
    zoom: { type: "string", short: "z" },
    json: { type: "boolean" },
    how: { type: "string" },
  } as const;
  const read = (...words: string[]) => new Arguments(words, options);

  it("checks what is asked for", () => {
    const args = read("stack.json", "--zoom", "3", "--json", "--how=fill");
    expect(args.positionals).toEqual(["stack.json"]);
    expect(args.has("json")).toBe(true);
    expect(args.whole("zoom", 0)).toBe(3);
    expect(args.choice("how", ["fill", "throw"])).toBe("fill");
    expect(read().whole("zoom", 0)).toBeUndefined();
  });

  it.each([
    [["--bogus"], /^Unknown option '--bogus'$/],
    [["--zoom"], /--zoom.* argument missing$/],
    [
      ["--zoom", "-1"],
      /^Option '--zoom' argument is ambiguous: to specify an option argument starting with a dash use '--zoom=-XYZ'$/,
    ],
    [["--json=1"], /--json.* does not take an argument$/],
    [["--zoom", "1", "--zoom=2"], /^--zoom is given twice$/],
    [["-z=1"], /^-z is followed by a space, not by "=": -z 1$/],
  ])("refuses %j", (words, message) => {
    expect(() => read(...words)).toThrow(message);
  });

  it("refuses values out of their range", () => {
    expect(() => read("--zoom", "x").whole("zoom", 0)).toThrow('--zoom must be a number from 0, not "x"');
    expect(() => read("--zoom", "1.5").whole("zoom", 0)).toThrow("--zoom must be a whole number, not 1.5");
    expect(() => read("--zoom", "9").whole("zoom", 0, 8)).toThrow(
      '--zoom must be a number from 0 to 8, not "9"',
    );
    for (const odd of ["0x1", "0b1", " 1", "1 ", "1_0", "1,5", "Infinity", "NaN", "１"]) {
      expect(() => read("--zoom", odd).whole("zoom", 0)).toThrow("--zoom must be a number");
    }
    expect(read("--zoom", "1e1", "--json", "--json").whole("zoom", 0)).toBe(10);
    expect(() => read("--zoom", "").whole("zoom", 0)).toThrow("--zoom is empty");
    expect(() => read("--how", "no").choice("how", ["a", "b", "c"])).toThrow(
      '--how must be a, b or c, not "no"',
    );
  });
});
