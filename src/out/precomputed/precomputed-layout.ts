import type { Triple } from "../../space/axis-order.js";
import type { NamedCompression } from "../packing/compression-option.js";

/** The checked options of precomputed. All defaults are set, except the encoding's, which depends on the volume. */
export interface PrecomputedLayout {
  readonly chunkShape: Triple;
  readonly shardShape: Triple | undefined;
  readonly compression: NamedCompression;
  readonly encoding: "raw" | "compressed_segmentation" | undefined;
  readonly offset: "exact" | "nearest";
}
