/**
 * The unpackers of compressions that few volumes have: a separate chunk of the package, loaded when a source needs it.
 * The worker that is inlined in the browser's bundle and the single-file builds do not contain it (build/).
 */

import { unpackBlosc } from "./blosc.js";
import { unpackBzip2 } from "./bzip2/bzip2.js";
import type { LaterUnpackers } from "./later-unpackers.js";
import { unpackLz4 } from "./lz4.js";
import { unpackXz } from "./xz/xz.js";
import { unpackZstd } from "./zstd/zstd.js";

export const unpackers: LaterUnpackers = {
  bzip2: unpackBzip2,
  xz: unpackXz,
  lz4: unpackLz4,
  blosc: unpackBlosc,
  zstd(file, length) {
    const bytes = new Uint8Array(length);
    unpackZstd(file, bytes);
    return bytes;
  },
};
