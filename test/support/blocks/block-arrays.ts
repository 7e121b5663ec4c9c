import type { Triple } from "../../../src/space/axis-order.js";
import type { DataType } from "../../../src/space/data-type.js";
import manifestJson from "../../fixtures/blocks/manifest.json" with { type: "json" };

/** The manifest's entry of an array of `test/fixtures/blocks`. */
export interface BlockFixture {
  readonly shape_zyx: Triple;
  readonly dtype: DataType;
  /** SHA-256 of all voxels, z slowest, little-endian. */
  readonly sha256_zyx_little_endian: string;
  readonly probes: readonly { readonly zyx: Triple; readonly value: string }[];
}

/** The arrays, by their path. */
export const blockFixtures: Readonly<Record<string, BlockFixture>> = manifestJson as unknown as Readonly<
  Record<string, BlockFixture>
>;

/** An array as a zoom level of a mirror. */
export interface BlockArray {
  /** Its path below `test/fixtures/blocks`. */
  readonly name: string;
  readonly type: 11 | 14;
  /** The part of the mirror's `image_base` after the server's URL. */
  readonly address: string;
  readonly zoomLevel: number;
  /** Extent of the level, z, y, x. */
  readonly shape: Triple;
  readonly dataType: DataType;
  readonly sha256: string;
}

/** All 40 arrays. */
export const blockArrays: readonly BlockArray[] = Object.entries(blockFixtures).map(([name, fixture]) => {
  const isN5 = name.startsWith("n5_");
  const isOfLevels = !isN5 || name.includes("/multi/");
  const dataset = isOfLevels ? `${name.replace(/\/[^/]*$/, "")}/%SCALE_DATASET%` : name;
  return {
    name,
    type: isN5 ? 11 : 14,
    address: `${dataset}/0_1_2`,
    zoomLevel: /\/(?:s1|8_8_80)$/.test(name) ? 1 : 0,
    shape: fixture.shape_zyx,
    dataType: fixture.dtype,
    sha256: fixture.sha256_zyx_little_endian,
  };
});

/** The array with a name. */
export function blockArray(name: string): BlockArray {
  const array = blockArrays.find((other) => other.name === name);
  if (array === undefined) throw new Error(`there is no array ${name}`);
  return array;
}

/** The stack info of an array, with a mirror of it at each URL; `changes` are keys of the stack that differ. */
export function blockStackInfo(
  array: BlockArray,
  urls: readonly string[],
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const [z, y, x] = array.zoomLevel === 0 ? array.shape : [19, 29, 45];
  const isPyramid = array.name.includes("/multi/");
  return {
    sid: 1,
    pid: 1,
    stitle: "blocks",
    dimension: { x, y, z },
    resolution: { x: 4, y: 4, z: 40 },
    translation: { x: 0, y: 0, z: 0 },
    downsample_factors: isPyramid ? [all(1), all(2)] : [all(1)],
    canary_location: { x: 0, y: 0, z: 0 },
    mirrors: urls.map((url, position) => blockMirrorInfo(array, url, position)),
    ...changes,
  };
}

/** An entry of `mirrors` for an array. */
export function blockMirrorInfo({ type, address }: BlockArray, url: string, position = 0): object {
  return {
    id: position + 1,
    title: `mirror ${position}`,
    position,
    image_base: url + address,
    file_extension: "raw",
    tile_width: 512,
    tile_height: 512,
    tile_source_type: type,
  };
}

function all(factor: number): { readonly x: number; readonly y: number; readonly z: number } {
  return { x: factor, y: factor, z: factor };
}
