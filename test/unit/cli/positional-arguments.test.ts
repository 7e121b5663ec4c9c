import { describe, expect, test } from "vitest";
import {
  CatmaidClient,
  CoordinateTransformer,
  getFastestMirror,
  ImageFetcher,
  ProjectStack,
  Stack,
  StackMirror,
  ThreadedImageFetcher,
  TileCache,
  TileIndex,
} from "../../../src/index.js";
import { MemoryByteSink, NpyWriter, RawWriter } from "../../../src/out/index.js";
import { testStackInfo } from "../../support/model/test-stack.js";

const info = testStackInfo("http://127.0.0.1:9/");
const stack = ProjectStack.fromStackInfo(info);
const client = new CatmaidClient({ baseUrl: "http://127.0.0.1:9/", projectId: 1 });
const sink = new MemoryByteSink();
const roi = [
  [0, 0, 0],
  [1, 1, 1],
];
/** As a text, and what must not be in a message. */
const secret = "http://me:hunter2@host/";

// Callers without types may pass anything.
type Loose = (...given: unknown[]) => unknown;
const construct =
  (made: unknown): Loose =>
  (...given) =>
    new (made as new (...given: unknown[]) => unknown)(...given);
const call = (object: unknown, method: string): Loose => {
  const target = object as Record<string, Loose>;
  return (...given) => target[method]?.(...given);
};

/** Every public function with options, the options last. */
const takers: readonly (readonly [name: string, make: (options: unknown) => unknown])[] = [
  ["new CatmaidClient", construct(CatmaidClient)],
  ["new ImageFetcher", (options) => construct(ImageFetcher)(stack, options)],
  ["new ThreadedImageFetcher", (options) => construct(ThreadedImageFetcher)(stack, options)],
  ["ImageFetcher.fromStackInfo", (options) => call(ImageFetcher, "fromStackInfo")(info, options)],
  ["ImageFetcher.fromCatmaid", (options) => call(ImageFetcher, "fromCatmaid")(client, 1, options)],
  ["ProjectStack.fromStackInfo", (options) => call(ProjectStack, "fromStackInfo")(info, options)],
  ["ProjectStack.fromCatmaidStack", (options) => call(ProjectStack, "fromCatmaidStack")(info, options)],
  ["new Stack", construct(Stack)],
  ["new ProjectStack", construct(ProjectStack)],
  ["new StackMirror", construct(StackMirror)],
  ["StackMirror.fromJSON", (options) => call(StackMirror, "fromJSON")({}, options)],
  ["new TileIndex", construct(TileIndex)],
  ["new TileCache", construct(TileCache)],
  ["new CoordinateTransformer", construct(CoordinateTransformer)],
  ["stackToScaled", (options) => call(new CoordinateTransformer(), "stackToScaled")({ x: 1 }, 1, options)],
  ["new RawWriter", (options) => construct(RawWriter)(sink, options)],
  ["get", (options) => call(new ImageFetcher(stack), "get")(roi, options)],
  ["getProjectSpace", (options) => call(new ImageFetcher(stack), "getProjectSpace")(roi, options)],
  ["getStackSpace", (options) => call(new ImageFetcher(stack), "getStackSpace")(roi, options)],
  ["getScaledSpace", (options) => call(new ImageFetcher(stack), "getScaledSpace")(roi, options)],
  ["probeMirrors", (options) => call(new ImageFetcher(stack), "probeMirrors")(options)],
  ["setFastestMirror", (options) => call(new ImageFetcher(stack), "setFastestMirror")(options)],
  ["getFastestMirror", (options) => (getFastestMirror as Loose)(stack, options)],
  ["CatmaidClient.get", (options) => call(client, "get")("1/stacks", {}, options)],
];

const attempt = async (make: () => unknown): Promise<unknown> => {
  try {
    return await make();
  } catch (error) {
    return error;
  }
};

describe.each(takers)("%s", (_name, make) => {
  test.each([
    ["a text", secret],
    ["a number", 2],
    ["a list", [secret, "token"]],
    ["null", null],
  ])("refuses %s instead of options, and does not repeat it", async (_what, options) => {
    const error = await attempt(() => make(options));
    expect(error).toMatchObject({ code: expect.stringMatching(/^invalid-(option|stack)$/) });
    expect((error as Error).message).not.toContain("hunter2");
  });
});

test("a method that names a space refuses roiMode, which it would ignore", async () => {
  const fetcher = new ImageFetcher(stack);
  for (const method of ["getProjectSpace", "getStackSpace", "getScaledSpace"]) {
    const error = await attempt(() => call(fetcher, method)(roi, { roiMode: "project" }));
    expect(error).toMatchObject({ code: "invalid-option", message: expect.stringContaining('"roiMode"') });
  }
});

test("options that there are not are refused by name, not ignored", async () => {
  for (const name of [
    "ProjectStack.fromStackInfo",
    "StackMirror.fromJSON",
    "new TileCache",
    "stackToScaled",
    "new RawWriter",
    "getFastestMirror",
    "CatmaidClient.get",
    "getStackSpace",
  ]) {
    const [, make] = takers.find(([taker]) => taker === name) ?? [];
    const error = await attempt(() => make?.({ timeoutMS: 5 }));
    expect(error, name).toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining('"timeoutMS" is no option of'),
    });
  }
});

test("CatmaidClient says what it wants instead of an address and a token", () => {
  expect(() => construct(CatmaidClient)("http://host/", "token")).toThrow(
    "the options of CatmaidClient must be an object such as { baseUrl, projectId, token }, got text",
  );
});

test("what catpy takes one after the other is not taken for options", () => {
  const vector = { x: 4, y: 4, z: 40 };
  expect(() => construct(CoordinateTransformer)(vector, vector)).toThrow(
    "a CoordinateTransformer is made of",
  );
  expect(() => call(CatmaidClient, "fromCatpy")("credentials.json")).toThrow("not its path");
  expect(construct(CoordinateTransformer)(stack)).toMatchObject({ resolution: stack.resolution });
});

test("a writer wants a sink: no path, and no promise that was not awaited", () => {
  for (const given of ["volume.npy", Promise.resolve(sink), undefined]) {
    for (const writer of [NpyWriter, RawWriter]) {
      expect(() => construct(writer)(given)).toThrow("sink must have write and close");
    }
  }
  expect(() => construct(RawWriter)(sink, { sidecar: "volume.json" })).toThrow("sidecar must have");
});

test("a request of a client takes no options for parameters, and a factory no address for a client", async () => {
  const aborted = { signal: AbortSignal.abort() };
  expect(await attempt(() => call(client, "get")("1/stacks", aborted))).toMatchObject({
    code: "invalid-option",
    message: expect.stringContaining("signal is none"),
  });
  for (const given of [secret, null]) {
    const error = await attempt(() => call(ImageFetcher, "fromCatmaid")(given, 1));
    expect(error).toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("a CatmaidClient"),
    });
  }
});
