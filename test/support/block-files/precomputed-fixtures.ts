import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { BlockSource } from "../../../src/source/block-source.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { BlockIndex } from "../../../src/space/block.js";
import type { PrecomputedCodec } from "../../../workers/protocol.js";
import manifest from "../../fixtures/blocks/manifest.json" with { type: "json" };
import { openVolume, type VolumeFiles, volumeServer } from "./precomputed-volume.js";

/** The manifest's entry of an array. */
interface Entry {
  readonly shape_zyx: Triple;
  readonly dtype: string;
  readonly sha256_zyx_little_endian: string;
}

/** One array of `test/fixtures/blocks/precomputed`: a scale of a volume. */
export interface PrecomputedFixture {
  /** Its name in the manifest. */
  readonly name: string;
  readonly volume: string;
  readonly level: number;
  readonly entry: Entry;
}

const folder = new URL("../../fixtures/blocks/precomputed/", import.meta.url);
const { signal } = new AbortController();

/** The files of a volume. Files that are stored gzipped are unpacked, as a client receives them. */
export function filesOf(volume: string): VolumeFiles {
  return (path) => {
    const file = new URL(`${volume}/${path}`, folder);
    if (existsSync(file)) return new Uint8Array(readFileSync(file));
    const packed = new URL(`${file.href}.gz`);
    return existsSync(packed) ? new Uint8Array(gunzipSync(readFileSync(packed))) : undefined;
  };
}

/** All these arrays. */
export const precomputedFixtures: readonly PrecomputedFixture[] = Object.entries(
  manifest as unknown as Readonly<Record<string, Entry>>,
)
  .filter(([name]) => name.startsWith("precomputed/"))
  .map(([name, entry]) => {
    const [, volume = "", key = ""] = name.split("/");
    return { name, volume, level: key === "8_8_80" ? 1 : 0, entry };
  });

/** Opens the volume of an array, and records its requests. */
export async function openFixture({
  volume,
  level,
  entry,
}: PrecomputedFixture): ReturnType<typeof openVolume> {
  const [z, y, x] = entry.shape_zyx;
  const factors = [1, 2].map((factor) => ({ x: factor, y: factor, z: factor }));
  const dimension = { x: x * 2 ** level, y: y * 2 ** level, z: z * 2 ** level };
  const stack = { dimension, downsampleFactors: factors.slice(0, volume === "multi" ? 2 : 1) };
  return openVolume(filesOf(volume), { stack });
}

/** All blocks of an array. */
export function blocksOf(source: BlockSource, level: number, shape: Triple): BlockIndex[] {
  const { blockShape } = source.level(level);
  const [depth, height, width] = shape.map((n, axis) => Math.ceil(n / (blockShape[axis] as number)));
  const blocks: BlockIndex[] = [];
  for (let z = 0; z < (depth as number); z++) {
    for (let y = 0; y < (height as number); y++) {
      for (let x = 0; x < (width as number); x++) blocks.push({ level, at: [z, y, x] });
    }
  }
  return blocks;
}

/** The bytes of a block's chunk. */
export async function chunkOf(
  source: BlockSource,
  block: BlockIndex,
  files: VolumeFiles,
): Promise<Uint8Array | undefined> {
  const { ask } = volumeServer(files);
  const place = source.locate === undefined ? "whole-file" : await source.locate(block, () => true, signal);
  if (place === undefined) return undefined;
  const range = place === "whole-file" ? {} : { range: place.range };
  return ask({ url: source.url(block), ...range, what: "", maxBytes: Number.POSITIVE_INFINITY }, signal);
}

/** A chunk, and what its decoder needs. */
export interface FixtureChunk {
  readonly block: BlockIndex;
  readonly bytes: Uint8Array;
  readonly codec: PrecomputedCodec;
  readonly shape: Triple;
}

/** All existing chunks of an array. */
export async function chunksOf(fixture: PrecomputedFixture): Promise<FixtureChunk[]> {
  const { volume, level, entry } = fixture;
  const { source } = await openFixture(fixture);
  const codec = source.codec(level);
  if (codec.kind !== "precomputed") throw new Error(codec.kind);
  const chunks: FixtureChunk[] = [];
  for (const block of blocksOf(source, level, entry.shape_zyx)) {
    const bytes = await chunkOf(source, block, filesOf(volume));
    const shape = source.shapeOf?.(block) ?? source.level(level).blockShape;
    if (bytes !== undefined) chunks.push({ block, bytes, codec, shape });
  }
  return chunks;
}
