import { gunzipSync } from "fflate";
import {
  type NumberType,
  type ReadBlock,
  readCompressedSegmentation,
  readN5Block,
  readNumbers,
  readShard,
} from "./read-blocks.js";

/** Reads whole levels of N5 and precomputed volumes over HTTP, block by block, with the tests' own readers. */

/** Values along x, y and z of the volume. */
export type Three = readonly [number, number, number];

/** Reads a file. Throws if it does not exist. */
export async function fileAt(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Reads a JSON file. Throws if it does not exist. */
export async function jsonAt<T = unknown>(url: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await fileAt(url))) as T;
}

/** A level of a volume, x fastest. */
export interface ReadLevel {
  readonly size: Three;
  readonly voxels: (number | bigint)[];
}

/** Reads every block of a level and assembles them, x of the volume fastest. */
async function readLevel(
  size: Three,
  blockSize: Three,
  read: (block: Three, extent: Three) => Promise<ReadBlock>,
): Promise<ReadLevel> {
  const voxels: (number | bigint)[] = new Array(size[0] * size[1] * size[2]);
  for (let k = 0; k * blockSize[2] < size[2]; k++) {
    for (let j = 0; j * blockSize[1] < size[1]; j++) {
      for (let i = 0; i * blockSize[0] < size[0]; i++) {
        const first = [i * blockSize[0], j * blockSize[1], k * blockSize[2]] as const;
        const [width, height, depth] = first.map((at, a) =>
          Math.min(blockSize[a] as number, (size[a] as number) - at),
        ) as unknown as Three;
        const block = await read([i, j, k], [width, height, depth]);
        if (
          block.extent.join() !== [width, height, depth].join() ||
          block.voxels.length !== width * height * depth
        )
          throw new Error(`block ${[i, j, k]} has ${block.voxels.length} voxels in ${block.extent}`);
        let from = 0;
        for (let z = 0; z < depth; z++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++)
              voxels[first[0] + x + size[0] * (first[1] + y + size[1] * (first[2] + z))] = block.voxels[
                from++
              ] as number;
      }
    }
  }
  return { size, voxels };
}

interface Attributes {
  readonly dimensions: Three;
  readonly blockSize: Three;
  readonly dataType: NumberType;
  readonly compression: { readonly type: string };
}

/** Reads a level of the N5 container at a URL. */
export async function readN5(base: string, zoomLevel: number): Promise<ReadLevel> {
  return readN5Array(`${base}/s${zoomLevel}`);
}

/** Reads the N5 dataset at a URL. */
export async function readN5Array(folder: string): Promise<ReadLevel> {
  const attributes = await jsonAt<Attributes>(`${folder}/attributes.json`);
  return readLevel(attributes.dimensions, attributes.blockSize, async (block) =>
    readN5Block(
      await fileAt(`${folder}/${block.join("/")}`),
      attributes.dataType,
      attributes.compression.type === "gzip",
    ),
  );
}

interface Scale {
  readonly key: string;
  readonly size: Three;
  readonly voxel_offset: Three;
  readonly chunk_sizes: readonly Three[];
  readonly encoding: "raw" | "compressed_segmentation";
  readonly compressed_segmentation_block_size?: Three;
  readonly sharding?: {
    readonly preshift_bits: number;
    readonly minishard_bits: number;
    readonly shard_bits: number;
    readonly minishard_index_encoding: string;
    readonly data_encoding: string;
  };
}

/** The needed parts of a volume's `info`. */
interface Info {
  readonly data_type: NumberType;
  readonly scales: readonly Scale[];
}

/** Reads a scale of the precomputed volume at a URL, sharded or not. */
export async function readPrecomputed(base: string, zoomLevel: number): Promise<ReadLevel> {
  const info = await jsonAt<Info>(`${base}/info`);
  const scale = info.scales[zoomLevel] as Scale;
  const { key, size, voxel_offset: offset, sharding } = scale;
  const blockSize = scale.chunk_sizes[0] as Three;
  return readLevel(size, blockSize, async (block, extent) => {
    const name = block.map((index, a) => {
      const first = index * (blockSize[a] as number) + (offset[a] as number);
      return `${first}-${first + (extent[a] as number)}`;
    });
    const file =
      sharding === undefined
        ? await fileAt(`${base}/${key}/${name.join("_")}`)
        : await chunkOfShard(
            `${base}/${key}`,
            sharding,
            block,
            size.map((side, a) => Math.ceil(side / (blockSize[a] as number))),
          );
    const labelBlock = scale.compressed_segmentation_block_size;
    const voxels =
      labelBlock === undefined
        ? readNumbers(file, info.data_type, "little-endian")
        : readCompressedSegmentation(file, extent, labelBlock, info.data_type === "uint64" ? 2 : 1);
    return { extent, voxels };
  });
}

/**
 * Finds a chunk by its block's compressed Morton code, bit by bit as Neuroglancer describes it, with identity as hash.
 */
async function chunkOfShard(
  folder: string,
  sharding: NonNullable<Scale["sharding"]>,
  block: Three,
  grid: readonly number[],
): Promise<Uint8Array> {
  let digits = "";
  for (let bit = 0; bit < 10; bit++) {
    for (const a of [0, 1, 2] as const)
      if (2 ** bit < (grid[a] ?? 0)) digits = `${(block[a] >> bit) & 1}${digits}`;
  }
  const id = BigInt(`0b0${digits}`);
  const { preshift_bits: preshift, minishard_bits: minishardBits, shard_bits: shardBits } = sharding;
  const shard = Number(id >> BigInt(preshift + minishardBits));
  const name = `${shard.toString(16).padStart(Math.ceil(shardBits / 4), "0")}.shard`;
  const { chunks, minishards } = readShard(
    await fileAt(`${folder}/${name}`),
    minishardBits,
    sharding.minishard_index_encoding === "gzip" ? gunzipSync : (bytes) => bytes,
  );
  const minishard = Number(id >> BigInt(preshift)) % 2 ** minishardBits;
  const chunk = chunks.get(id);
  if (chunk === undefined || !minishards[minishard]?.includes(id))
    throw new Error(`no chunk ${id} in ${name}`);
  return sharding.data_encoding === "gzip" ? gunzipSync(chunk) : chunk;
}
