/**
 * Compares what we make of precomputed volumes with neuroglancer's own functions: compressed_segmentation, the hash of shards
 * and the numbers of chunks; and how long the decoders take, in turns.
 *
 *     NEUROGLANCER_PATH=FOLDER/node_modules/neuroglancer node test/real/check-neuroglancer-decoders.mjs
 *
 * Run by hand: it needs neuroglancer 2.41.2, which npm installs in a folder of its own with `"overrides": {"ikonate":
 * "file:./stub"}`, where `stub` is an empty package.
 */
import { deepStrictEqual } from "node:assert";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const neuroglancer = process.env.NEUROGLANCER_PATH;
if (neuroglancer === undefined)
  throw new Error("set NEUROGLANCER_PATH to the folder of the package; the script says how to install it");
const theirs = (path) => import(pathToFileURL(join(neuroglancer, "lib", path)).href);

const ours = await bundled([
  "workers/decode/precomputed/compressed-segmentation.ts",
  "workers/decode/unpack/gzip.ts",
  "src/space/morton-code.ts",
  "src/source/precomputed/shard/murmur-hash.ts",
  "test/support/block-files/encode-compressed-segmentation.ts",
  "test/support/block-files/precomputed-fixtures.ts",
]);
const { decodeChannel } = await theirs("sliceview/compressed_segmentation/decode_common.js");
const { murmurHash3_x86_128Hash64Bits_Bigint: murmurHash } = await theirs("util/hash.js");
const { encodeZIndexCompressed } = await theirs("util/zorder.js");

const anyNumber = seeded(20261128);
const { version } = JSON.parse(await readFile(join(neuroglancer, "package.json"), "utf8"));
console.log(`neuroglancer ${version}, Node ${process.version}`);
// First, while its functions have seen one type only, for which they are fastest.
for (const dataType of ["uint64", "uint32"]) console.log(race(dataType));
console.log(`${await fixtureChunks()} chunks of the fixtures: equal`);
console.log(`${randomChunks(500)} random chunks: equal`);
console.log(`${hashes(20_000)} hashes: equal`);
console.log(`${codes(20_000)} numbers of chunks: equal`);

function both(bytes, { dataType, extent, blockSize, channels = 1, channel = 0 }) {
  const layout = { dataType, extent, blockSize, channels, channel };
  const mine = ours.decodeCompressedSegmentation(bytes, layout);
  const words = new Uint32Array(new Uint8Array(bytes).buffer);
  const out = emptyOf(dataType, extent[0] * extent[1] * extent[2]);
  return [mine, decodeChannel(out, words, words[channel], extent, blockSize)];
}

async function fixtureChunks() {
  let count = 0;
  for (const fixture of ours.precomputedFixtures) {
    for (const { bytes, codec, shape } of await ours.chunksOf(fixture)) {
      if (codec.encoding.kind !== "compressed_segmentation") continue;
      const chunk = codec.gzip ? ours.unpackGzip(bytes, 0, 2 ** 20) : bytes;
      const { dataType, encoding } = codec;
      const extent = [shape[2], shape[1], shape[0]];
      const [mine, other] = both(chunk, { dataType, extent, blockSize: encoding.blockSize });
      deepStrictEqual(mine, other, fixture.name);
      count++;
    }
  }
  return count;
}

/** With up to 16 bits: of 32, neuroglancer takes the first value for all voxels. */
function randomChunks(count) {
  for (let n = 0; n < count; n++) {
    const extent = [1 + anyNumber(20), 1 + anyNumber(20), 1 + anyNumber(20)];
    const blockSize = [1 + anyNumber(9), 1 + anyNumber(9), 1 + anyNumber(9)];
    const channels = 1 + anyNumber(3);
    const dataType = n % 2 === 0 ? "uint32" : "uint64";
    const values = [1, 2, 4, 16, 256, 2 ** 31][anyNumber(6)];
    const data = emptyOf(dataType, channels * extent[0] * extent[1] * extent[2]).map(() =>
      dataType === "uint32" ? anyNumber(values) : 2n ** 64n - 1n - BigInt(anyNumber(values)) * 0x1_0001n,
    );
    const file = ours.encodeCompressedSegmentation({
      ...{ data, extent, blockSize, channels, leastBits: [0, 0, 1, 4, 16][anyNumber(5)] },
      ...{ sharesTables: anyNumber(2) === 0, padding: [0, 0xffffffff][anyNumber(2)] },
    });
    for (let channel = 0; channel < channels; channel++) {
      const [mine, other] = both(file, { dataType, extent, blockSize, channels, channel });
      deepStrictEqual(mine, other, `${extent} in blocks of ${blockSize}`);
      const size = mine.length;
      deepStrictEqual(mine, data.slice(channel * size, (channel + 1) * size));
    }
  }
  return count;
}

function hashes(count) {
  const edges = [0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 64n - 1n];
  const others = Array.from({ length: count }, () => (BigInt(anyWord()) << 32n) | BigInt(anyWord()));
  for (const key of [...edges, ...others])
    deepStrictEqual(ours.murmurHash(key), murmurHash(0, key), String(key));
  return edges.length + count;
}

function codes(count) {
  for (let n = 0; n < count; n++) {
    const grid = [0, 0, 0].map(() => 1 + anyNumber(2 ** (1 + anyNumber(21))));
    const at = grid.map((size) => anyNumber(size));
    const code = new ours.MortonCode(grid);
    const number = code.encode(at);
    deepStrictEqual(number, encodeZIndexCompressed(Uint32Array.from(at), grid), `${at} of ${grid}`);
    deepStrictEqual(code.decode(number), at);
  }
  return count;
}

/** A chunk of 64³ voxels of about 90 convex cells in blocks of 8³: the median of 41 rounds after 10. */
function race(dataType) {
  const [extent, blockSize, side] = [[64, 64, 64], [8, 8, 8], 64];
  const seeds = Array.from({ length: 90 }, () => [anyNumber(side), anyNumber(side), anyNumber(side)]);
  const data = emptyOf(dataType, side ** 3).map((_, i) => {
    const at = [i % side, Math.floor(i / side) % side, Math.floor(i / side ** 2)];
    const distances = seeds.map((seed) =>
      seed.reduce((sum, value, axis) => sum + (value - at[axis]) ** 2, 0),
    );
    const nearest = distances.indexOf(Math.min(...distances));
    return dataType === "uint32" ? 1000 + nearest : 2n ** 53n + 1n + BigInt(nearest);
  });
  const bytes = ours.encodeCompressedSegmentation({ data, extent, blockSize });
  const words = new Uint32Array(bytes.buffer);
  const layout = { dataType, extent, blockSize, channels: 1, channel: 0 };
  const times = [[], []];
  for (let round = 0; round < 51; round++) {
    const decoders = [
      () => ours.decodeCompressedSegmentation(bytes, layout),
      () => decodeChannel(emptyOf(dataType, data.length), words, words[0], extent, blockSize),
    ];
    for (const [n, decode] of decoders.entries()) {
      const start = performance.now();
      const voxels = decode();
      times[n].push(performance.now() - start);
      deepStrictEqual(voxels[12345], data[12345]);
    }
  }
  const [mine, other] = times.map((of) => of.slice(10).sort((a, b) => a - b)[20]);
  return `64³ ${dataType}: ${mine.toFixed(2)} ms, neuroglancer ${other.toFixed(2)} ms: ${(mine / other).toFixed(2)} of its time`;
}

function emptyOf(dataType, length) {
  return dataType === "uint32" ? new Uint32Array(length) : new BigUint64Array(length);
}

/** Whole numbers from 0 to below a limit, the same in every run. */
function seeded(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function anyWord() {
  return anyNumber(2 ** 16) * 2 ** 16 + anyNumber(2 ** 16);
}

/** The exports of some of our modules, bundled, as Node reads no TypeScript. */
async function bundled(files) {
  const root = new URL("../../", import.meta.url);
  const folder = await mkdtemp(join(tmpdir(), "catmaid-image-neuroglancer-"));
  const outfile = join(folder, "ours.mjs");
  try {
    await build({
      stdin: {
        contents: files.map((file) => `export * from "./${file}";`).join("\n"),
        resolveDir: new URL(".", root).pathname,
      },
      ...{ bundle: true, platform: "node", format: "esm", target: "node20", outfile, logLevel: "warning" },
      // Where the fixtures are looked for.
      define: { "import.meta.url": JSON.stringify(new URL("test/support/block-files/", root).href) },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
