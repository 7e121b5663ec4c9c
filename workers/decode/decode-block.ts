import type { BlockJob, Codec, ImageCodec } from "../protocol.js";
import { transpose } from "./axes/transpose.js";
import { decodeTile, prepareDecoders } from "./decode-tile.js";
import type { DecodedBlock } from "./decoded-block.js";
import { decodeN5Block } from "./n5/decode-n5-block.js";
import { decodePrecomputedChunk } from "./precomputed/decode-precomputed-chunk.js";
import { loadUnpacker } from "./unpack/unpack.js";

/** Loads the decoders for a codec's files. Never rejects: if a decoder cannot be loaded, decoding its files fails. */
export async function prepareDecoding(codec: Codec): Promise<void> {
  await prepareDecoders();
  if (codec.kind === "n5") await loadUnpacker(codec.compression);
}

/**
 * Turns the body of a block's file into its voxels. Call {@link prepareDecoding} first. Throws a `DecodeFailure` if the
 * body is not such a block.
 */
export function decodeBlock(
  body: Uint8Array,
  { codec, shape }: Pick<BlockJob, "codec" | "shape">,
): DecodedBlock {
  switch (codec.kind) {
    case "bytes":
    case "pack":
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
