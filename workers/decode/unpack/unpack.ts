/** Chooses the unpacker of a compression, and loads the unpackers that few volumes need. */

import { DecodeFailure, thrownError } from "../../../src/errors.js";
import type { N5Compression } from "../../protocol.js";
import { unpackGzip } from "./gzip.js";
import type { LaterUnpackers } from "./later-unpackers.js";
import { unpackZlib } from "./zlib.js";

let later: LaterUnpackers | undefined;
let loading: Promise<void> | undefined;
let whyNot = "nobody asked for it";

/**
 * Loads what {@link unpack} needs for a compression. Returns `undefined` if it is there already. Never rejects: if
 * loading fails, `unpack` throws and the next call tries again.
 */
export function loadUnpacker(compression: N5Compression): Promise<void> | undefined {
  if (compression === "raw" || compression === "gzip" || compression === "zlib" || later !== undefined)
    return undefined;
  loading ??= import("./unpackers.js")
    .then(
      ({ unpackers }) => {
        later = unpackers;
      },
      (cause: unknown) => {
        whyNot = thrownError(cause).message;
      },
    )
    .finally(() => {
      loading = undefined;
    });
  return loading;
}

/**
 * Unpacks a file, or a part of one, to exactly `length` bytes in a buffer of their own. Call {@link loadUnpacker}
 * first. Throws a `DecodeFailure` if the file is damaged, or unpacks to another length.
 */
export function unpack(
  compression: N5Compression,
  file: Uint8Array,
  length: number,
): Uint8Array<ArrayBuffer> {
  switch (compression) {
    case "raw":
      if (file.length !== length)
        throw new DecodeFailure(
          "corrupt-image",
          `its voxels take ${file.length} bytes, not the ${length} that they should`,
        );
      // Not `slice`, which makes no copy of a Node buffer.
      return new Uint8Array(file);
    case "gzip":
      return unpackGzip(file, length, length);
    case "zlib":
      return unpackZlib(file, length);
    default:
      if (later === undefined)
        throw new DecodeFailure(
          "unsupported-image",
          `what unpacks ${compression} could not be loaded (${whyNot}); serve all files of catmaid-image's dist`,
        );
      return later[compression](file, length);
  }
}
