import type { Codec } from "../../../workers/protocol.js";
import { DecodeFailure } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { VolumeBlock } from "../volume-writer.js";

/**
 * The voxels of a file that was written, by the decoders that read such files from servers; they are loaded when they are first
 * needed. Throws a `DecodeFailure` where the file is damaged, or has voxels of another shape.
 *
 * @param shape - In the axis order that the codec makes of the file: what it calls z, y, x.
 */
export async function decodeVoxels(bytes: Uint8Array, codec: Codec, shape: Triple): Promise<VolumeBlock> {
  const { decodeBlock, prepareDecoding } = await import("../../../workers/decode/decode-block.js");
  await prepareDecoding(codec);
  const { data, shape: found } = decodeBlock(bytes, { codec, shape });
  if (found.every((extent, axis) => extent === shape[axis])) return { data, shape };
  throw new DecodeFailure(
    "wrong-size",
    `it has ${found.join(" × ")} voxels, where ${shape.join(" × ")} were written`,
  );
}
