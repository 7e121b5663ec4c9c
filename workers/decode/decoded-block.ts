import type { Block } from "../../src/space/block.js";

/** A block, and the name of the decoder that made it. */
export interface DecodedBlock extends Block {
  readonly decoder: string;
}
