/** Stands in for `unpackers.ts` in the single-file builds (build/script-tag-plugin.ts), which load nothing. */

import { DecodeFailure } from "../../src/errors.js";
import type { LaterCompression, LaterUnpackers, Unpack } from "./unpack/later-unpackers.js";

function leftOut(compression: LaterCompression): Unpack {
  return () => {
    throw new DecodeFailure(
      "unsupported-image",
      `it is packed with ${compression}, which a single file of catmaid-image does not unpack; ` +
        "import the package instead, or pass createWorker with its worker.js",
    );
  };
}

/** As in `unpackers.ts`, but left out. */
export const unpackers: LaterUnpackers = {
  bzip2: leftOut("bzip2"),
  xz: leftOut("xz"),
  lz4: leftOut("lz4"),
  blosc: leftOut("blosc"),
  zstd: leftOut("zstd"),
};
