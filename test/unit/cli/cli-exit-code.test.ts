import { expect, test } from "vitest";
import { exitCodeOf } from "../../../src/cli/exit-code.js";
import { UsageError } from "../../../src/cli/usage-error.js";
import {
  ClosedError,
  InvalidOptionError,
  InvalidOutError,
  InvalidRoiError,
  InvalidZoomLevelError,
} from "../../../src/errors.js";

test.each([
  [new UsageError("u"), 2],
  [new InvalidRoiError("r"), 2],
  [new InvalidZoomLevelError("z"), 2],
  [new InvalidOptionError("o"), 2],
  [new InvalidOutError("p"), 2],
  [new ClosedError("c"), 1],
  [new Error("e"), 1],
  ["thrown", 1],
])("%s ends the command line with exit code %i", (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
