import type { Vector3 } from "../space/axis-order.js";
import type { SamplePlane } from "./draw-sample.js";

/** Tile source types that the sample server can serve. Type 3 is served by its CATMAID part. */
export type SampleTileSourceType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 14;

/**
 * One mirror of a sample stack. `key` is its name in URLs, unique in the stack. `palette-png` is PNG as upng-js writes
 * it. If the mirror is `cropped`, its tiles at the edge end with the stack; otherwise they have full size and are black
 * beyond the stack. Types 11 (N5) and 14 (precomputed) have `blocks`, and only CATMAID's viewer uses their tile size.
 * Type 14 may be `sharded`. A `dead` mirror drops every connection that asks for a file. `delayMs` is the delay before
 * each file is sent.
 */
export interface SampleMirror {
  readonly key: string;
  readonly title: string;
  readonly type: SampleTileSourceType;
  readonly format: "png" | "palette-png" | "jpeg" | "blocks";
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly cropped?: boolean;
  readonly sharded?: boolean;
  readonly dead?: boolean;
  readonly delayMs?: number;
}

/** A stack of the sample tissue. */
export interface SampleStack {
  readonly id: number;
  readonly title: string;
  /** Grey values, or the cell of each voxel as uint64. Mirrors of labels serve blocks. Default `"tissue"`. */
  readonly shows?: "tissue" | "labels";
  /** Plane of the images, which is also the stack's orientation. */
  readonly plane: SamplePlane;
  /** Extent in voxels, stack axes. */
  readonly dimension: Vector3;
  /** nm per voxel, stack axes. */
  readonly resolution: Vector3;
  /** Position of voxel (0, 0, 0) in project space, in nm, project axes. */
  readonly translation: Vector3;
  /** The factors in the stack info. With `null`, the reader has to estimate them, which is CATMAID's default. */
  readonly downsampleFactors: readonly Vector3[] | null;
  /** Sections that have no tiles, and whose voxels in blocks are 0. */
  readonly brokenSlices: readonly number[];
  readonly mirrors: readonly SampleMirror[];
  /** Each seed gives another tissue. */
  readonly seed: number;
}

/** The mirrors of a sample stack by default: every tile source type, PNG, JPEG and blocks. */
export const sampleMirrors: readonly SampleMirror[] = [
  { key: "file", title: "File-based, PNG", type: 1, format: "png" },
  { key: "zoomify", title: "Backslash, JPEG", type: 4, format: "jpeg" },
  { key: "large", title: "Large data, PNG", type: 5, format: "png" },
  { key: "query", title: "Request query, PNG", type: 2, format: "png", tileWidth: 256, tileHeight: 256 },
  { key: "catmaid", title: "CATMAID itself, JPEG", type: 3, format: "jpeg" },
  { key: "imageblk", title: "DVID imageblk, PNG", type: 6, format: "png", tileWidth: 256, tileHeight: 192 },
  {
    key: "render",
    title: "Render service, JPEG",
    type: 7,
    format: "jpeg",
    tileWidth: 1024,
    tileHeight: 1024,
  },
  { key: "imagetile", title: "DVID imagetile, PNG", type: 8, format: "png" },
  { key: "flix", title: "FlixServer, palette PNG", type: 9, format: "palette-png", cropped: true },
  { key: "h2n5", title: "H2N5, JPEG", type: 10, format: "jpeg", cropped: true },
  { key: "n5", title: "N5", type: 11, format: "blocks" },
  { key: "precomputed", title: "Precomputed", type: 14, format: "blocks" },
  { key: "sharded", title: "Precomputed, sharded", type: 14, format: "blocks", sharded: true },
].map((mirror) => ({ tileWidth: 512, tileHeight: 512, ...mirror }) as SampleMirror);

/** A stack of the sample tissue in XY: 4 × 4 × 40 nm per voxel, two broken sections, not at the origin. */
export function sampleStack(choices: Partial<SampleStack> = {}): SampleStack {
  return {
    id: 1,
    title: "Sample neuropil",
    plane: "xy",
    dimension: { x: 12288, y: 10240, z: 128 },
    resolution: { x: 4, y: 4, z: 40 },
    translation: { x: 2000, y: -1200, z: 800 },
    downsampleFactors: null,
    brokenSlices: [11, 12],
    mirrors: sampleMirrors,
    seed: 1,
    ...choices,
  };
}

/**
 * The same tissue as three stacks, in XY, XZ and ZY, and the labels of its cells in XY. Their voxels lie at the same
 * places in project space.
 */
export function sampleStacks(choices: Partial<SampleStack> = {}): readonly SampleStack[] {
  const xy = sampleStack(choices);
  const turned = (plane: "xz" | "zy", id: number): SampleStack => {
    const swap = ({ x, y, z }: Vector3) => (plane === "xz" ? { x, y: z, z: y } : { x: z, y, z: x });
    return {
      ...xy,
      id,
      plane,
      title: `${xy.title}, ${plane.toUpperCase()}`,
      dimension: swap(xy.dimension),
      resolution: swap(xy.resolution),
      downsampleFactors: xy.downsampleFactors?.map(swap) ?? null,
      brokenSlices: [],
    };
  };
  const mirrors = sampleMirrors.filter(({ format }) => format === "blocks");
  const labels: SampleStack = { ...xy, id: xy.id + 3, title: `${xy.title}, cells`, shows: "labels", mirrors };
  return [xy, turned("xz", xy.id + 1), turned("zy", xy.id + 2), labels];
}

/** Full-resolution voxels per voxel of a level; `undefined` above the last level. */
export function sampleFactor(stack: SampleStack, zoomLevel: number): Vector3 | undefined {
  const { dimension, mirrors, downsampleFactors } = stack;
  if (downsampleFactors !== null) return downsampleFactors[zoomLevel];
  // CATMAID's own estimate: halve until the longer side is one tile of the smallest mirror.
  const side = Math.min(...mirrors.flatMap(({ tileWidth, tileHeight }) => [tileWidth, tileHeight]));
  const last = Math.max(0, Math.ceil(Math.log2(Math.max(dimension.x - 1, dimension.y - 1) / side)));
  const isLevel = Number.isInteger(zoomLevel) && zoomLevel >= 0 && zoomLevel <= last;
  return isLevel ? { x: 2 ** zoomLevel, y: 2 ** zoomLevel, z: 1 } : undefined;
}

/** Whether the stack has no images of a section of a level. */
export function isBroken({ brokenSlices }: SampleStack, z: number, factor: Vector3): boolean {
  return brokenSlices.includes(z * factor.z);
}

/** File name extension of a mirror in CATMAID. */
export function sampleExtension({ format, type }: SampleMirror): string {
  if (format === "blocks") return type === 11 ? "n5" : "raw";
  return format === "jpeg" ? "jpg" : "png";
}
