import { isCatmaidImageError } from "../errors.js";
import type { Triple } from "../space/axis-order.js";
import type { DataType } from "../space/data-type.js";
import { intersectBoxes } from "../space/scaled-box.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";
import type { BlockSource, BlockStorage } from "./block-source.js";

/** What a mirror has at a zoom level. Triples are z, y, x. */
export interface MirrorLevel extends BlockStorage {
  /** The zoom level. */
  readonly zoomLevel: number;
  /** The number type of a voxel. For tiles, it is the type that they are read as. */
  readonly dataType: DataType;
  /** Extent of a block, or of a tile, in voxels. */
  readonly blockShape: Triple;
  /**
   * The voxel of the level at which one block begins. Others begin at multiples of `blockShape` from it. May be
   * negative.
   */
  readonly origin: Triple;
  /** The first voxel of the stack that the mirror has, in voxels of the level. */
  readonly lower: Triple;
  /** One past the last voxel of the stack that the mirror has. Equal to `lower` if the mirror has none. */
  readonly upper: Triple;
}

/** What a mirror's own metadata say about it. */
export interface MirrorDescription {
  /** The mirror. */
  readonly mirror: StackMirror;
  /** The format of its blocks; `undefined` for tiles. */
  readonly blockFormat: StackMirror["blockFormat"];
  /** Whether voxels are names of objects. Those are never mixed. */
  readonly isLabels: boolean;
  /** Where its metadata disagree with the stack, as sentences. */
  readonly warnings: readonly string[];
  /** What it has at each zoom level of the stack, or why it has nothing there. */
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
