import type { FseTable } from "./fse-table.js";
import type { HuffmanTable } from "./huffman.js";
import type { RecentDistances } from "./sequences.js";

/** The state that the blocks of a frame pass on to later blocks. */
export class FrameTables {
  /** The last code of literals. */
  huffman: HuffmanTable | undefined;
  /** The last codes of sequences. */
  literalLengths: FseTable | undefined;
  offsets: FseTable | undefined;
  matchLengths: FseTable | undefined;
  /** The recent distances. The first repetitions of a frame may refer to these initial ones. */
  readonly recent: RecentDistances = [1, 4, 8];
}
