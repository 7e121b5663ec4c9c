import type { Codec } from "../../../workers/protocol.js";
import { DecodeFailure } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { VolumeBlock } from "../volume-writer.js";

/**
 * Decodes a file that was written. Uses the decoders for files of mirrors, and loads them when they are first needed. Throws
 * a `DecodeFailure` if the file is damaged or its voxels have another shape.
 *
 * @param shape - Expected shape, in the codec's order z, y, x.
 */
export async function decodeVoxels(bytes: Uint8Array, codec: Codec, shape: Triple): Promise<VolumeBlock> {
  const { decodeBlock, prepareDecoding } = await import("../../../workers/decode/decode-block.js");
  await prepareDecoding(codec);
  const { data, shape: found } = decodeBlock(bytes, { codec, shape });
  if (found.every((extent, axis) => extent === shape[axis])) return { data, shape };
  throw new DecodeFailure(
    "wrong-size",
    `it has ${found.join(" × ")} voxels, and ${shape.join(" × ")} were written`,
  );
}
