import type { Triple } from "../../space/axis-order.js";
import type { NamedCompression } from "../packing/compression-option.js";

/** The checked options of N5, with all defaults set. */
export interface N5Layout {
  readonly chunkShape: Triple;
  readonly compression: NamedCompression;
  readonly path: string;
  readonly multiScale: boolean;
  readonly edgeBlocks: "cropped" | "full";
}
