/**
 * Fetches regions of N5 datasets with the reader of CATMAID's viewer, one task after another:
 * `n5-wasm.process.mjs FOLDER`, where the folder has `n5_wasm.js` and `n5_wasm_bg.wasm`. The reader is written for
 * pages, so this program defines the globals that it needs. Blocks are assembled in the simplest way.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { answerLines } from "../answer-lines.js";
import type { FetchAnswer, FetchTask } from "../fetch/fetch-task.js";
import { peakMemoryMb } from "../peak-memory.js";
import { type Corners, sha256 } from "../tiles/expected-volume.js";
import { timed } from "../timed.js";

interface N5Wasm {
  (module: WebAssembly.Module): Promise<unknown>;
  readonly N5HTTPFetch: { open(root: string): Promise<N5Reader> };
}

interface N5Reader {
  get_dataset_attributes(path: string): Promise<N5Attributes>;
  read_block_with_etag(
    path: string,
    attributes: N5Attributes,
    at: BigInt64Array,
  ): Promise<N5Block | undefined>;
  free(): void;
}

interface N5Attributes {
  get_block_size(): Uint32Array;
  to_json(): object;
}

interface N5Block {
  get_size(): Uint32Array;
  into_data(): Uint8Array;
}

const [folder = "."] = process.argv.slice(2);
const atATime = 16;

const page = globalThis as unknown as { Window: unknown; self: { wasm_bindgen?: N5Wasm } };
page.Window = Object;
page.self = globalThis as { wasm_bindgen?: N5Wasm };
runInThisContext(readFileSync(join(folder, "n5_wasm.js"), "utf8"));
const n5Wasm = page.self.wasm_bindgen;
if (n5Wasm === undefined) throw new Error(`there is no n5-wasm in ${folder}`);
await n5Wasm(await WebAssembly.compile(readFileSync(join(folder, "n5_wasm_bg.wasm"))));

await answerLines(async ({ url = "", roi }: FetchTask): Promise<FetchAnswer> => {
  const cut = url.lastIndexOf("/");
  const { result, ...times } = await timed(() => fetchRegion(url.slice(0, cut), url.slice(cut + 1), roi));
  return { ...times, sha256: sha256(result), peakMb: peakMemoryMb() };
});

/** Fetches a region in z, y, x, with whole and cut blocks, of a dataset whose axes are x, y, z. */
async function fetchRegion(root: string, path: string, [lower, upper]: Corners): Promise<Uint8Array> {
  const reader = await (n5Wasm as N5Wasm).N5HTTPFetch.open(root);
  const attributes = await reader.get_dataset_attributes(path);
  const sides = Array.from(attributes.get_block_size()).reverse();
  const grid = lower.map((from, axis) => {
    const side = sides[axis] ?? 1;
    const first = Math.floor(from / side);
    return Array.from({ length: Math.ceil((upper[axis] ?? 0) / side) - first }, (_, n) => first + n);
  });
  const [layers = [], rows = [], columns = []] = grid;
  const waiting = layers.flatMap((z) => rows.flatMap((y) => columns.map((x) => [z, y, x])));
  const [depth = 0, height = 0, width = 0] = lower.map((from, axis) => (upper[axis] ?? 0) - from);
  const volume = { data: new Uint8Array(depth * height * width), lower, upper };
  const next = async (): Promise<void> => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      const position = BigInt64Array.from(at.map(BigInt).reverse());
      const block = await reader.read_block_with_etag(path, attributes, position);
      if (block === undefined) continue;
      const shape = Array.from(block.get_size()).reverse();
      const first = at.map((n, axis) => n * (sides[axis] ?? 1));
      place(block.into_data(), shape, first, volume);
    }
  };
  await Promise.all(Array.from({ length: atATime }, next));
  reader.free();
  return volume.data;
}

function place(
  block: Uint8Array,
  [depth = 0, height = 0, width = 0]: readonly number[],
  [z0 = 0, y0 = 0, x0 = 0]: readonly number[],
  { data, lower, upper }: { data: Uint8Array; lower: readonly number[]; upper: readonly number[] },
): void {
  const [zLow = 0, yLow = 0, xLow = 0] = lower;
  const [zHigh = 0, yHigh = 0, xHigh = 0] = upper;
  const left = Math.max(x0, xLow);
  const right = Math.min(x0 + width, xHigh);
  for (let z = Math.max(z0, zLow); z < Math.min(z0 + depth, zHigh); z++) {
    for (let y = Math.max(y0, yLow); y < Math.min(y0 + height, yHigh); y++) {
      const from = ((z - z0) * height + (y - y0)) * width + left - x0;
      const to = ((z - zLow) * (yHigh - yLow) + (y - yLow)) * (xHigh - xLow) + left - xLow;
      data.set(block.subarray(from, from + right - left), to);
    }
  }
}
