import { DecodeFailure } from "../../../src/errors.js";
import type { BlockJob, N5Codec } from "../../protocol.js";
import type { DecodedBlock } from "../decoded-block.js";

/** STUB until the branch is merged. */
export function decodeN5Block(
  _body: Uint8Array,
  _codec: N5Codec,
  _shape: BlockJob["shape"],
): DecodedBlock | Promise<DecodedBlock> {
  throw new DecodeFailure("unsupported-image", "not yet");
}
