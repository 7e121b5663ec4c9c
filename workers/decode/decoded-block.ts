import type { Block } from "../../src/space/block.js";

/** A block, and the decoder that made it. */
export interface DecodedBlock extends Block {
  readonly decoder: string;
}
