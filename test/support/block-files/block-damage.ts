import { readdirSync } from "node:fs";
import fc from "fast-check";
import { isCatmaidImageError } from "../../../src/errors.js";
import type { Voxels } from "../../../src/space/data-type.js";
import { type BlockArray, blockArrays, blockStackInfo } from "../blocks/block-arrays.js";
import type { MakeFetcher } from "../fetching/fetcher-kinds.js";
import { BlockServer, blocksFolder as root, storedFile } from "../servers/block-server.js";

/** One file of an array, and how it is damaged. */
export interface Damage {
  readonly array: BlockArray;
  /** Path of the file below `test/fixtures/blocks`, as in its URL. */
  readonly file: string;
  readonly kind: "flip" | "cut" | "double" | "html";
  /** Position of the damage, as a fraction of the file's length. */
  readonly at: number;
  /** The value that a byte is XORed with. */
  readonly by: number;
}

/** Arrays whose formats have checksums. In the others, damaged voxels cannot be told from voxels. */
const checked =
  /^(?:n5_byhand\/(?:bzip2|gzip|gzip_zlib|lz4|xz|uint16_mode1_gzip|missing_1_1_0|multi\/s[01])|n5_zarrpy\/(?:bzip2|gzip|zlib|xz|float32_gzip|labels_gzip|missing_gzip)|precomputed\/(?:png|png_u16|raw_gz_files)\/s0)$/;

// For shards whose parts are packed with gzip: 16 bytes for each of four minishards.
const shardIndexBytes = 64;

const sites = blockArrays.flatMap((array) => filesOf(array).map((file) => ({ array, file })));

/** Any file of any array, damaged in any way. All arrays are equally frequent. */
export const anyDamage: fc.Arbitrary<Damage> = fc
  .constantFrom(...blockArrays)
  .chain((array) => fc.constantFrom(...sites.filter((site) => site.array === array)))
  .chain((site) =>
    fc.record({
      array: fc.constant(site.array),
      file: fc.constant(site.file),
      kind: fc.constantFrom(
        "flip" as const,
        "flip" as const,
        "flip" as const,
        "cut" as const,
        "double" as const,
        "html" as const,
      ),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      by: fc.integer({ min: 1, max: 255 }),
    }),
  );

/** How many fetches ended in each way. */
export type Verdicts = Record<string, number>;

/** Fetches damaged arrays through a server, and judges the results. */
export class DamageTest {
  readonly verdicts: Verdicts = {};
  readonly #server: BlockServer;
  readonly #make: MakeFetcher;
  readonly #wholes = new Map<BlockArray, Voxels>();

  private constructor(server: BlockServer, make: MakeFetcher) {
    this.#server = server;
    this.#make = make;
  }

  static async start(make: MakeFetcher): Promise<DamageTest> {
    return new DamageTest(await BlockServer.start(() => undefined), make);
  }

  /** Throws for voxels that the original does not have, and for errors that are not the library's. */
  async judge(damage: Damage): Promise<void> {
    const { array, file, kind } = damage;
    const whole = this.#wholes.get(array) ?? (await this.#voxelsOf(array));
    this.#wholes.set(array, whole);
    const bytes = damaged(contentOf(file), damage);
    this.#server.script = (request) => (request.file === file ? { bytes } : undefined);
    this.#server.requests.length = 0;
    let verdict: string;
    try {
      const voxels = await this.#voxelsOf(array);
      verdict = verdictOn(voxels, whole);
      if (verdict === "another shape" || (verdict === "other voxels" && isChecked(damage)))
        throw new Error(`${verdict} of ${file}`);
    } catch (error) {
      if (!isCatmaidImageError(error)) throw error;
      verdict = error.code;
    } finally {
      this.#server.script = () => undefined;
    }
    const name = `${kind}: ${verdict}`;
    this.verdicts[name] = (this.verdicts[name] ?? 0) + 1;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #voxelsOf(array: BlockArray): Promise<Voxels> {
    const fetcher = this.#make(blockStackInfo(array, [this.#server.url()]), {
      retry: { attempts: 1 },
      timeoutMs: 20_000,
      cacheBytes: 0,
      onWarning: () => {},
    });
    try {
      const roi = [[0, 0, 0], array.shape] as const;
      return (await fetcher.getScaledSpace(roi, { zoomLevel: array.zoomLevel })).data;
    } finally {
      await fetcher.close();
    }
  }
}

/** Whether a checksum covers the damage. Metadata and the index of a shard have none. */
function isChecked({ array: { name }, file, kind, at }: Damage): boolean {
  if (/(?:attributes\.json|info)$/.test(file)) return false;
  const isInShardIndex = Math.floor(at * contentOf(file).length) < shardIndexBytes;
  if (name.includes("murmur_gzip")) return kind !== "flip" || !isInShardIndex;
  return checked.test(name);
}

function verdictOn(voxels: Voxels, whole: Voxels): string {
  if (voxels.length !== whole.length) return "another shape";
  return whole.every((voxel: number | bigint, i: number) => Object.is(voxel, voxels[i]))
    ? "right"
    : "other voxels";
}

function damaged(bytes: Uint8Array, { kind, at, by }: Damage): Uint8Array {
  const place = Math.floor(at * bytes.length);
  switch (kind) {
    case "flip":
      return bytes.map((byte, i) => (i === place ? byte ^ by : byte));
    case "cut":
      return bytes.slice(0, place);
    case "double":
      return new Uint8Array([...bytes, ...bytes]);
    case "html":
      return new TextEncoder().encode(
        "<!DOCTYPE html>\n<html><head><title>Please log in</title></head></html>\n",
      );
  }
}

function contentOf(file: string): Uint8Array {
  const stored = storedFile(file);
  if (stored === undefined) throw new Error(`there is no ${file}`);
  return stored.bytes;
}

/** The files of an array, including metadata. */
function filesOf({ name, type }: BlockArray): readonly string[] {
  const own = readdirSync(root + name, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length).replace(/\.gz$/, ""));
  return type === 11 ? own : [...own, `${name.replace(/\/[^/]*$/, "")}/info`];
}
