import { isCatmaidImageError } from "../errors.js";
import type { Triple } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import { intersectBoxes } from "../space/scaled-box.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { BlockSource, BlockStorage } from "./block-source.js";

/** What a mirror has of a zoom level. Triples are z, y, x. */
export interface MirrorLevel extends BlockStorage {
  /** The zoom level. */
  readonly zoomLevel: number;
  /** What a voxel is; of tiles, what is read of them. */
  readonly dataType: DataType;
  /** Extent of a block, or of a tile, in voxels. */
  readonly blockShape: Triple;
  /** The voxel of the level at which a block begins, and others at multiples of `blockShape` from it; may be negative. */
  readonly origin: Triple;
  /** The first voxel of the stack that the mirror has, in voxels of the level. */
  readonly lower: Triple;
  /** One past the last one; where it has none, the same as `lower`. */
  readonly upper: Triple;
}

/** A mirror as its own metadata have it. */
export interface MirrorDescription {
  /** The mirror. */
  readonly mirror: StackMirror;
  /** The format of its blocks; `undefined` for tiles. */
  readonly blockFormat: StackMirror["blockFormat"];
  /** Whether voxels are names of objects, which are never mixed. */
  readonly isLabels: boolean;
  /** What of its metadata disagrees with the stack, as sentences. */
  readonly warnings: readonly string[];
  /** What it has of each zoom level of the stack, or why it has nothing of it. */
  readonly levels: readonly (MirrorLevel | { readonly zoomLevel: number; readonly problem: string })[];
}

/** Describes a mirror of a stack. */
export function describeSource(source: BlockSource, { maxZoomLevel }: Stack): MirrorDescription {
  const { mirror, isLabels, warnings } = source;
  const levels = Array.from({ length: maxZoomLevel + 1 }, (_, zoomLevel) => levelOf(source, zoomLevel));
  return { mirror, blockFormat: mirror.blockFormat, isLabels, warnings, levels };
}

function levelOf(source: BlockSource, zoomLevel: number): MirrorDescription["levels"][number] {
  try {
    const { dataType, blockShape, origin, covered, held } = source.level(zoomLevel);
    const { lower, upper } = intersectBoxes(covered, held) ?? { lower: covered.lower, upper: covered.lower };
    return { zoomLevel, dataType, blockShape, origin, ...source.storage(zoomLevel), lower, upper };
  } catch (error) {
    if (!isCatmaidImageError(error)) throw error;
    return { zoomLevel, problem: error.message };
  }
}
