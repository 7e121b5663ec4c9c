import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { blockArray, blockStackInfo } from "../support/blocks/block-arrays.js";
import { testRegion, testRegionVoxels, testStackInfo } from "../support/model/test-stack.js";
import { blocksFolder, type FileScript } from "../support/servers/block-server.js";
import type { ConsumerPackage } from "./consumer-package.js";

/** What `fetch-region.js` answers of a stack. */
interface StackResult {
  readonly shape: readonly number[];
  /** SHA-256 of the volume that workers fetched. */
  readonly threaded: string;
  /** SHA-256 of the one that the calling thread fetched and a writer wrote. */
  readonly inProcess: string;
  /** How many tiles or blocks came from workers. */
  readonly ofWorkers: number;
}

/** The stacks that consumers fetch from. */
export type StackName = "tiles" | "n5" | "precomputed";

/** What `fetch-region.js` answers. */
export interface RegionResult {
  readonly regions: Readonly<Record<StackName, StackResult>>;
  readonly warnings: readonly string[];
}

const repeats = 4;
const blockShape = [10, 16, 30] as const;
const repeatedShape = blockShape.map((side) => repeats * side);
const repeatedMirror = "repeated";

/** The first block of an N5 array again and again, so that there are enough of them for workers in Node too. */
export const repeatedBlock: FileScript = ({ mirror, file }) => {
  if (mirror !== repeatedMirror) return undefined;
  const [, folder, name] = /^(.*?)(\/\d+\/\d+\/\d+|\/attributes\.json)$/.exec(file) ?? [];
  if (folder === undefined) return { status: 404 };
  if (name !== "/attributes.json") return { bytes: readFileSync(`${blocksFolder}${folder}/0/0/0`) };
  const attributes = JSON.parse(readFileSync(`${blocksFolder}${file}`, "utf8"));
  const dimensions = [...repeatedShape].reverse();
  return { bytes: Buffer.from(JSON.stringify({ ...attributes, dimensions })) };
};

const n5 = blockArray("n5_zarrpy/blosc_zstd");
const precomputed = blockArray("precomputed/sharded_murmur_gzip_cseg/s0");

/** What is to be fetched from the two servers. */
export function stacksOf(tileServer: string, blockServer: string): Readonly<Record<StackName, object>> {
  const whole = (shape: readonly number[]) => [[0, 0, 0], shape];
  const [z, y, x] = repeatedShape;
  return {
    tiles: { stackInfo: testStackInfo(`${tileServer}/consumer/stack/`), roi: testRegion },
    n5: {
      stackInfo: blockStackInfo(n5, [`${blockServer}/${repeatedMirror}/`], { dimension: { x, y, z } }),
      roi: whole(repeatedShape),
    },
    precomputed: {
      stackInfo: blockStackInfo(precomputed, [`${blockServer}/a/`]),
      roi: whole(precomputed.shape),
    },
  };
}

/** The voxels of the blocks, from the same one without compression: they lie behind a header, x fastest. */
function repeatedVoxels(): Uint8Array {
  const headerBytes = 16;
  const block = readFileSync(`${blocksFolder}n5_zarrpy/raw/0/0/0`).subarray(headerBytes);
  const [depth, height, width] = blockShape;
  const row = (z: number, y: number) =>
    Array<Uint8Array>(repeats).fill(block.subarray((z * height + y) * width, (z * height + y + 1) * width));
  const section = (z: number) => Array.from({ length: height }, (_, y) => row(z, y)).flat();
  const sections = Array.from({ length: depth }, (_, z) =>
    Array<Uint8Array[]>(repeats).fill(section(z)).flat(),
  );
  return Buffer.concat(Array<Uint8Array[][]>(repeats).fill(sections).flat(2));
}

const sha256 = (voxels: Uint8Array): string => createHash("sha256").update(voxels).digest("hex");
const stackResult = (shape: readonly number[], digest: string, ofWorkers: number): StackResult => ({
  shape,
  threaded: digest,
  inProcess: digest,
  ofWorkers,
});

/**
 * What every consumer must find: five sections of four by four tiles and all blocks, from workers. In Node these do no
 * regions of fewer than 64 blocks, as that of the precomputed volume, whose 27 chunks are in shards.
 */
export function rightRegions(platform: "browser" | "node"): RegionResult {
  return {
    regions: {
      tiles: stackResult([5, 99, 132], sha256(Uint8Array.from(testRegionVoxels())), 80),
      n5: stackResult(repeatedShape, sha256(repeatedVoxels()), repeats ** 3),
      precomputed: stackResult(precomputed.shape, precomputed.sha256, platform === "browser" ? 27 : 0),
    },
    warnings: [],
  };
}

declare module "vitest" {
  interface TaskMeta {
    /** What a test of a consumer has to say for `docs/compatibility.md`. */
    consumer?: { readonly packages: readonly ConsumerPackage[]; readonly result?: RegionResult };
  }
}
