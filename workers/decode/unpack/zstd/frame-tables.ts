import type { FseTable } from "./fse-table.js";
import type { HuffmanTable } from "./huffman.js";
import type { RecentDistances } from "./sequences.js";

/** What the blocks of one frame leave to those that follow. */
export class FrameTables {
  /** The code of the last literals that brought one. */
  huffman: HuffmanTable | undefined;
  /** The codes of the last sequences. */
  literalLengths: FseTable | undefined;
  offsets: FseTable | undefined;
  matchLengths: FseTable | undefined;
  /** Those that the first repetitions of a frame may refer to. */
  readonly recent: RecentDistances = [1, 4, 8];
}
