import type { Block } from "../../src/space/block.js";
import type { BlockJob } from "../protocol.js";
import { decodeTile } from "./decode-tile.js";
import { transpose } from "./transpose.js";

/** A block, and the decoder that made it. */
export interface DecodedBlock extends Block {
  readonly decoder: string;
}

/** Turns the body of a block's file into its voxels. Throws a `DecodeFailure` where it is no such block. */
export function decodeBlock(
  body: Uint8Array,
  { codec, shape }: Pick<BlockJob, "codec" | "shape">,
): DecodedBlock {
  if (codec.kind === "bytes")
    return { data: new Uint8Array(body), shape: [1, 1, body.length], decoder: "none" };
  const [, height, width] = shape;
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
