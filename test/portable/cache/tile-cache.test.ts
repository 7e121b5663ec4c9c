import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultCacheBytes, TileCache } from "../../../src/cache/tile-cache.js";
import type { Block } from "../../../src/space/block.js";
import { runs } from "../../support/thorough.js";

function tileOf(bytes: number): Block {
  return { data: new Uint8Array(bytes), shape: [1, 1, bytes] };
}

/** The plainest least-recently-used cache there is: a list, oldest first. */
class NaiveCache {
  entries: { key: string; tile: Block }[] = [];
  hits = 0;
  misses = 0;
  evictions = 0;
  readonly #maxItems: number;
  readonly #maxBytes: number;

  constructor(maxItems: number, maxBytes: number) {
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.entries.reduce((sum, { tile }) => sum + tile.data.byteLength, 0);
  }

  get(key: string): Block | undefined {
    const entry = this.entries.find((other) => other.key === key);
    if (entry === undefined) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    this.entries = [...this.entries.filter((other) => other !== entry), entry];
    return entry.tile;
  }

  set(key: string, tile: Block): void {
    this.entries = this.entries.filter((other) => other.key !== key);
    if (tile.data.byteLength > this.#maxBytes || this.#maxItems === 0) return;
    this.entries.push({ key, tile });
    while (this.bytes > this.#maxBytes || this.entries.length > this.#maxItems) {
      this.entries.shift();
      this.evictions++;
    }
  }
}

type Command = fc.Command<NaiveCache, TileCache>;

/** What must hold after every step. */
function checkInvariants(model: NaiveCache, cache: TileCache): void {
  expect(cache.currentBytes).toBe(model.bytes);
  expect(cache.currentBytes).toBeLessThanOrEqual(cache.maxBytes);
  expect(cache.size).toBe(model.entries.length);
  expect(cache.size).toBeLessThanOrEqual(cache.maxItems);
  expect(cache.statistics).toEqual({ hits: model.hits, misses: model.misses, evictions: model.evictions });
}

function command(name: string, run: (model: NaiveCache, cache: TileCache) => void): Command {
  return {
    check: () => true,
    run(model, cache) {
      run(model, cache);
      checkInvariants(model, cache);
    },
    toString: () => name,
  };
}

const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
const commands = fc.commands(
  [
    key.map((k) => command(`get ${k}`, (model, cache) => expect(cache.get(k)).toBe(model.get(k)))),
    key.map((k) =>
      command(`has ${k}`, (model, cache) =>
        expect(cache.has(k)).toBe(model.entries.some((entry) => entry.key === k)),
      ),
    ),
    fc.tuple(key, fc.integer({ min: 1, max: 60 })).map(([k, bytes]) =>
      command(`set ${k} ${bytes}`, (model, cache) => {
        const tile = tileOf(bytes);
        cache.set(k, tile);
        model.set(k, tile);
      }),
    ),
    fc.constant(
      command("clear", (model, cache) => {
        cache.clear();
        model.entries = [];
      }),
    ),
  ],
  { maxCommands: 60 },
);

describe("TileCache", () => {
  test("property: is a naive least-recently-used cache after every step", () => {
    const limit = fc.oneof(fc.integer({ min: 0, max: 8 }), fc.constant(Number.POSITIVE_INFINITY));
    const bytes = fc.oneof(fc.integer({ min: 0, max: 150 }), fc.constant(Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(commands, limit, bytes, (steps, maxItems, maxBytes) => {
        const setup = () => ({
          model: new NaiveCache(maxItems, maxBytes),
          real: new TileCache({ maxItems, maxBytes }),
        });
        fc.modelRun(setup, steps);
      }),
      { numRuns: runs(125) },
    );
  });

  test("hands out the very tile that was put in", () => {
    const cache = new TileCache();
    const tile = tileOf(3);
    cache.set("a", tile);
    expect(cache.get("a")).toBe(tile);
  });

  test("a tile larger than the budget is not stored, and takes the place of nothing", () => {
    const cache = new TileCache({ maxBytes: 100 });
    cache.set("a", tileOf(60));
    cache.set("b", tileOf(101));
    expect([cache.has("a"), cache.has("b"), cache.currentBytes]).toEqual([true, false, 60]);
    cache.set("c", tileOf(100));
    expect([cache.has("a"), cache.has("c"), cache.currentBytes]).toEqual([false, true, 100]);
  });

  test.each([{ maxBytes: 0 }, { maxItems: 0 }, { maxBytes: 0, maxItems: 0 }])(
    "%j keeps nothing",
    (options) => {
      const cache = new TileCache(options);
      cache.set("a", tileOf(1));
      expect([cache.get("a"), cache.has("a"), cache.size, cache.currentBytes]).toEqual([
        undefined,
        false,
        0,
        0,
      ]);
      expect(cache.statistics).toEqual({ hits: 0, misses: 1, evictions: 0 });
      cache.clear();
    },
  );

  test("counts the bytes of a block, not its voxels", () => {
    const labels: Block = { data: new BigUint64Array(8), shape: [2, 2, 2] };
    const cache = new TileCache({ maxBytes: 100 });
    cache.set("a", labels);
    expect(cache.currentBytes).toBe(64);
    cache.set("b", labels);
    expect([cache.has("a"), cache.has("b"), cache.currentBytes]).toEqual([false, true, 64]);
    cache.set("c", { data: new BigInt64Array(13), shape: [1, 1, 13] });
    expect([cache.has("b"), cache.has("c")]).toEqual([true, false]);
  });

  test("looking whether a tile is there is no use of it", () => {
    const cache = new TileCache({ maxItems: 2 });
    cache.set("a", tileOf(1));
    cache.set("b", tileOf(1));
    expect(cache.has("a")).toBe(true);
    cache.set("c", tileOf(1));
    expect([cache.has("a"), cache.has("b"), cache.has("c")]).toEqual([false, true, true]);
  });

  test("clearing tells of all blocks, is no eviction, and the statistics go on", () => {
    const cache = new TileCache();
    cache.set("a", tileOf(1));
    cache.get("a");
    const dropped: Block[] = [];
    cache.clear((block) => dropped.push(block));
    expect([cache.size, dropped]).toEqual([0, [tileOf(1)]]);
    cache.get("a");
    expect(cache.statistics).toEqual({ hits: 1, misses: 1, evictions: 0 });
  });

  test("bounds 256 MiB unless told otherwise, and any number of tiles", () => {
    const cache = new TileCache();
    expect([cache.maxBytes, cache.maxItems]).toEqual([256 * 1024 * 1024, Number.POSITIVE_INFINITY]);
    expect(defaultCacheBytes).toBe(cache.maxBytes);
  });

  test("a huge number of items costs nothing until they are there", () => {
    const cache = new TileCache({ maxItems: Number.MAX_SAFE_INTEGER });
    cache.set("a", tileOf(1));
    expect(cache.size).toBe(1);
  });

  test.each([
    ["maxBytes", -1],
    ["maxBytes", 1.5],
    ["maxBytes", Number.NaN],
    ["maxItems", -1],
    ["maxItems", "10"],
    ["maxItems", Number.NEGATIVE_INFINITY],
  ])("refuses %s: %s", (name, value) => {
    expect(() => new TileCache({ [name]: value })).toThrow(
      expect.objectContaining({ code: "invalid-option", message: expect.stringContaining(name) }),
    );
  });
});
