import { describe, expect, test } from "vitest";
import { checkGetOptions } from "../../../src/fetch/get-options.js";

const check = (options: unknown) => () => checkGetOptions(options as Parameters<typeof checkGetOptions>[0]);

describe("checkGetOptions", () => {
  test.each([
    {},
    { roiMode: "project", zoomLevel: 1, missingTile: "throw", emptyBlock: "throw", onTileError: "fill" },
    { signal: new AbortController().signal, onProgress: () => {}, out: new Uint8Array(3), maxMemoryBytes: 1 },
    { roiMode: undefined, zoomLevel: undefined, out: undefined, signal: undefined, onProgress: undefined },
  ])("takes what it knows", (options) => {
    expect(check(options)).not.toThrow();
  });

  test.each([
    [{ roi_mode: "stack" }, '"roi_mode" is no option of get'],
    [{ roiMode: "pixels" }, 'roiMode must be one of project, stack, scaled; got "pixels"'],
    [{ roiMode: null }, "roiMode must be one of"],
    [{ missingTile: "skip" }, "missingTile must be one of fill, throw"],
    [{ emptyBlock: "fill" }, "emptyBlock must be one of zero, throw"],
    [{ onTileError: "ignore" }, "onTileError must be one of throw, fill"],
    [{ maxMemoryBytes: 0.5 }, "maxMemoryBytes must be a whole number from 1"],
    [{ onProgress: 1 }, "onProgress must be a function"],
    [{ onProgress: null }, "onProgress must be a function"],
    [{ signal: new AbortController() }, "signal must be an AbortSignal"],
    [{ signal: null }, "signal must be an AbortSignal"],
    [null, "the options of get must be an object such as { roiMode, zoomLevel, out }, got null"],
    ["project", "the options of get must be an object"],
  ])("refuses %j", (options, message) => {
    expect(check(options)).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining(message) }),
    );
  });
});
