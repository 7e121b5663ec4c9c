import { expect, test } from "vitest";
import type { TileErrorReason } from "../../../src/errors.js";
import { isTileError, tileErrorFrom } from "../../../src/errors.js";
import { isMirrorDown } from "../../../src/fetch/failover.js";

const reasons: Readonly<Record<TileErrorReason, boolean>> = {
  network: true,
  timeout: true,
  http: true,
  redirect: true,
  "wrong-range": true,
  "not-an-image": true,
  // Of one block, or of this side.
  "too-large": false,
  worker: false,
  missing: false,
  "unsupported-image": false,
  "corrupt-image": false,
  "wrong-size": false,
};

test.each(Object.entries(reasons) as [TileErrorReason, boolean][])(
  "a block that fails for %s says that its mirror is down: %s",
  (reason, isDown) => {
    const error = tileErrorFrom({ reason, message: "m", url: "http://host/t", status: 500 }, 1, "tile");
    expect(isTileError(error) && isMirrorDown(error)).toBe(isDown);
  },
);
