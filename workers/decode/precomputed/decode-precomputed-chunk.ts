import { DecodeFailure } from "../../../src/errors.js";
import type { BlockJob, PrecomputedCodec } from "../../protocol.js";
import type { DecodedBlock } from "../decoded-block.js";

/** STUB until the branch is merged. */
export function decodePrecomputedChunk(
  _body: Uint8Array,
  _codec: PrecomputedCodec,
  _shape: BlockJob["shape"],
): DecodedBlock {
  throw new DecodeFailure("unsupported-image", "not yet");
}
