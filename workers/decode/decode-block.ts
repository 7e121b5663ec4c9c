import type { BlockJob, ImageCodec } from "../protocol.js";
import { decodeTile } from "./decode-tile.js";
import type { DecodedBlock } from "./decoded-block.js";
import { decodeN5Block } from "./n5/decode-n5-block.js";
import { decodePrecomputedChunk } from "./precomputed/decode-precomputed-chunk.js";
import { transpose } from "./transpose.js";

/**
 * Turns the body of a block's file into its voxels: at once, but where the platform or a codec that has to be loaded
 * unpacks them. Throws, or rejects with, a `DecodeFailure` where it is no such block.
 */
export function decodeBlock(
  body: Uint8Array,
  { codec, shape }: Pick<BlockJob, "codec" | "shape">,
): DecodedBlock | Promise<DecodedBlock> {
  switch (codec.kind) {
    case "bytes":
      return { data: new Uint8Array(body), shape: [1, 1, body.length], decoder: "none" };
    case "n5":
      return decodeN5Block(body, codec, shape);
    case "precomputed":
      return decodePrecomputedChunk(body, codec, shape);
    case "image":
      return decodeImage(body, codec, shape);
  }
}

function decodeImage(
  body: Uint8Array,
  codec: ImageCodec,
  [, height, width]: BlockJob["shape"],
): DecodedBlock {
  if (!codec.transpose) {
    const image = decodeTile(body, { width, height }, codec);
    return { data: image.data, shape: [1, image.height, image.width], decoder: image.decoder };
  }
  const image = decodeTile(body, { width: height, height: width }, codec);
  return {
    data: transpose(image.data, image.width, image.height),
    shape: [1, image.width, image.height],
    decoder: image.decoder,
  };
}
