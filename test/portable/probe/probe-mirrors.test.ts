import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { BlockPool } from "../../../src/pool/block-pool.js";
import {
  fastestOf,
  type ProbeContext,
  type ProbeOptions,
  probeMirrors,
} from "../../../src/probe/probe-mirrors.js";
import type { Triple } from "../../../src/space/axis-order.js";
import type { StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import type { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { Stack } from "../../../src/stack/stack.js";
import type { BlockJob, BlockResult } from "../../../workers/protocol.js";
import { accessOf } from "../../support/model/tile-sources.js";

function mirror(title: string, position: number, changes: Partial<StackMirrorOptions> = {}): StackMirror {
  const layout = { fileExtension: "png", tileWidth: 64, tileHeight: 64, tileSourceType: 1 };
  return new StackMirror({ imageBase: `https://${title}.example/`, title, position, ...layout, ...changes });
}

function stackOf(mirrors: readonly StackMirror[], canaryLocation = { x: 0, y: 0, z: 0 }): Stack {
  return new Stack({ dimension: { x: 1000, y: 1000, z: 10 }, mirrors, canaryLocation });
}

/** A tile, as the probe looks at it: its voxels are of no matter. */
function tileOf(shape: Triple): BlockResult & { readonly kind: "block" } {
  return { kind: "block", data: new Uint8Array(0), shape, bodyBytes: 1, decoder: "png-ts" };
}

/** A pool that takes the times given for each host, one after another, on the clock of the test. */
function timedPool(
  times: Readonly<Record<string, readonly number[]>>,
  answer?: (job: BlockJob) => BlockResult,
) {
  const asked: string[] = [];
  const pool: BlockPool = {
    kind: "in-process",
    close: async () => {},
    run(job) {
      const title = new URL(job.url).hostname.split(".")[0] ?? "";
      const ms = times[title]?.[asked.filter((other) => other === title).length] ?? 0;
      asked.push(title);
      return new Promise((resolve) => setTimeout(() => resolve(answer?.(job) ?? tileOf(job.shape)), ms));
    },
  };
  return { asked, pool };
}

const scheduler = { pace: async () => {} };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function probe(
  stack: Stack,
  pool: BlockPool,
  options: ProbeOptions = {},
  context: Partial<ProbeContext> = {},
) {
  const probing = probeMirrors(stack, { pool, access: accessOf(), scheduler, ...context }, options);
  await vi.runAllTimersAsync();
  return probing;
}

describe("times", () => {
  test("are those of each mirror's own request, in the order of the mirrors", async () => {
    const { pool } = timedPool({ slow: [300], fast: [100] });
    const probes = await probe(stackOf([mirror("slow", 0), mirror("fast", 1)]), pool);
    expect(probes).toMatchObject([
      { ok: true, timeMs: 300, url: "https://slow.example/0/0_0_0.png" },
      { ok: true, timeMs: 100, url: "https://fast.example/0/0_0_0.png" },
    ]);
    expect(fastestOf(probes, true).title).toBe("fast");
  });

  test("are means over the repetitions", async () => {
    // Asked once, b is faster; on average, a is.
    const { pool, asked } = timedPool({ a: [90, 30, 30], b: [60, 60, 60] });
    const stack = stackOf([mirror("a", 0), mirror("b", 1)]);
    const probes = await probe(stack, pool, { reps: 3 });
    expect(probes).toMatchObject([{ timeMs: 50 }, { timeMs: 60 }]);
    expect(asked.filter((title) => title === "a")).toHaveLength(3);
    expect(fastestOf(probes, true).title).toBe("a");
  });

  test("are compared per pixel, unless told otherwise", async () => {
    const large = mirror("large", 0, { tileWidth: 256, tileHeight: 128 });
    const { pool } = timedPool({ large: [400], small: [100] });
    const probes = await probe(stackOf([large, mirror("small", 1)]), pool);
    expect(probes).toMatchObject([{ nsPerPixel: 4e8 / 32768 }, { nsPerPixel: 1e8 / 4096 }]);
    expect([fastestOf(probes, true).title, fastestOf(probes, false).title]).toEqual(["large", "small"]);
  });

  test("are without the wait for the pace of each host, which every repetition keeps", async () => {
    const paced: string[] = [];
    const slowly = (origin: string): Promise<void> => {
      paced.push(origin);
      return new Promise((resolve) => setTimeout(resolve, 1000));
    };
    const { pool } = timedPool({ a: [30, 30], b: [60, 60] });
    const stack = stackOf([mirror("a", 0), mirror("b", 1)]);
    const probes = await probe(stack, pool, { reps: 2 }, { scheduler: { pace: slowly } });
    expect(probes).toMatchObject([{ timeMs: 30 }, { timeMs: 60 }]);
    const [a, b] = ["https://a.example", "https://b.example"];
    expect(paced).toEqual([a, b, a, b]);
  });

  test("that are equal leave the first by position", async () => {
    const { pool } = timedPool({ a: [50], b: [50] });
    const probes = await probe(stackOf([mirror("b", 2), mirror("a", 1)]), pool);
    expect(fastestOf(probes, true).title).toBe("a");
  });
});

describe("the canary tile", () => {
  test("is where the stack says, at level 0", async () => {
    const urls: string[] = [];
    const { pool } = timedPool({}, ({ url, shape }) => {
      urls.push(url);
      return tileOf(shape);
    });
    await probe(stackOf([mirror("a", 0)], { x: 700, y: 130, z: 4 }), pool);
    expect(urls).toEqual(["https://a.example/4/2_10_0.png"]);
  });

  test.each([
    ["of full size", 64, 64, true],
    ["that is smaller", 63, 64, false],
    ["that is empty at one side", 64, 1, false],
  ])("inside the stack, one %s", async (_what, width, height, ok) => {
    const tile = tileOf([1, height, width]);
    const [result] = await probe(stackOf([mirror("a", 0)]), timedPool({}, () => tile).pool);
    expect(result?.ok).toBe(ok);
    if (!ok)
      expect(result).toMatchObject({
        reason: "wrong-size",
        message: expect.stringContaining(`${width} × ${height}`),
      });
  });

  test.each([
    ["cropped", 40, 40, true],
    ["whole", 64, 64, true],
    ["cropped at one side", 64, 40, true],
    ["of another size", 41, 40, false],
  ])("in the stack's corner, one %s", async (_what, width, height, ok) => {
    const tile = tileOf([1, height, width]);
    const stack = stackOf([mirror("a", 0)], { x: 999, y: 999, z: 0 });
    const [result] = await probe(stack, timedPool({}, () => tile).pool);
    expect(result?.ok).toBe(ok);
  });

  test("that fails once of several times is a failure", async () => {
    let calls = 0;
    const { pool, asked } = timedPool({}, ({ shape }) =>
      ++calls === 2 ? { kind: "missing", status: 404, bodyBytes: 0 } : tileOf(shape),
    );
    const [result] = await probe(stackOf([mirror("a", 0)]), pool, { reps: 5 });
    expect(result).toMatchObject({ ok: false, reason: "missing", status: 404 });
    expect(asked).toHaveLength(2);
  });
});

describe("isMissing", () => {
  const body = new Uint8Array([1, 2, 3]);
  const tile: BlockResult = { ...tileOf([1, 64, 64]), bodyBytes: 3, body };
  const asking = (isMissing: (tile: TileIndex, body: Uint8Array) => boolean, result: BlockResult = tile) => {
    const context = {
      pool: timedPool({}, () => result).pool,
      access: accessOf(() => ({ isMissing })),
      scheduler,
    };
    const stack = stackOf([mirror("a", 0)], { x: 700, y: 130, z: 4 });
    const probing = probeMirrors(stack, context, { reps: 2 });
    return Promise.all([probing, vi.runAllTimersAsync()]).then(([probes]) => probes[0]);
  };

  test("that declares the canary tile missing makes the mirror fail", async () => {
    const asked: unknown[] = [];
    const found = await asking((index, file) => {
      asked.push([index.coords, file]);
      return true;
    });
    expect(found).toMatchObject({
      ok: false,
      reason: "missing",
      message: "the canary tile came, and isMissing declares it missing",
      status: 200,
      url: "https://a.example/4/2_10_0.png",
    });
    expect(asked).toEqual([[{ x: 640, y: 128, z: 4 }, body]]);
  });

  test("is asked each time", async () => {
    let calls = 0;
    expect(await asking(() => ++calls === 2)).toMatchObject({ ok: false, reason: "missing" });
  });

  test("that knows the tile for one leaves it as it is", async () => {
    expect(await asking(() => false)).toMatchObject({ ok: true });
    const error = {
      reason: "not-an-image",
      message: "HTML",
      url: "https://a.example/",
      status: 200,
    } as const;
    expect(await asking(() => false, { kind: "error", error, body })).toMatchObject({
      reason: "not-an-image",
    });
    expect(await asking(() => true, { kind: "error", error, body })).toMatchObject({ reason: "missing" });
  });

  test("that throws ends the probe with its own error, as it ends a fetch", async () => {
    const slip = new Error("a slip");
    const probing = asking(() => {
      throw slip;
    });
    await expect(probing).rejects.toBe(slip);
  });
});

describe("a mirror that cannot be asked", () => {
  test("is not, and says why", async () => {
    const { pool, asked } = timedPool({});
    const [result] = await probe(stackOf([mirror("a", 0, { tileSourceType: 15 })]), pool);
    expect(result).toMatchObject({ ok: false, reason: "unsupported", url: undefined, status: 0 });
    expect(result?.ok === false && result.message).toMatch(/^it has tile source type 15/);
    expect(asked).toEqual([]);
  });

  test("for want of credentials keeps no other from being asked", async () => {
    const { pool } = timedPool({});
    const stack = stackOf([mirror("a", 0), mirror("b", 1), mirror("c", 2)]);
    const failing = (): never => {
      throw new Error("the vault with the very-secret key is shut");
    };
    const authOf: Record<string, (() => Record<string, string>) | undefined> = {
      a: failing,
      b: () => ({ A: "x\ny" }),
    };
    const access = accessOf(({ title }) => ({ auth: authOf[title] }));
    const probing = probeMirrors(stack, { pool, access, scheduler });
    await vi.runAllTimersAsync();
    const probes = await probing;
    expect(probes).toMatchObject([
      { ok: false, reason: "invalid-option", message: "its auth function failed" },
      { ok: false, reason: "invalid-option", message: expect.stringContaining("header") },
      { ok: true },
    ]);
    expect(JSON.stringify(probes)).not.toContain("very-secret");
  });
});

test("where none could serve its canary, an error says why of each", async () => {
  const { pool } = timedPool({}, () => ({ kind: "missing", status: 410, bodyBytes: 0 }));
  const probes = await probe(stackOf([mirror("a", 0), mirror("b", 1, { tileSourceType: 15 })]), pool);
  expect(() => fastestOf(probes, true)).toThrow(
    expect.objectContaining({
      code: "no-mirror",
      message: expect.stringMatching(
        /0 "a": the canary tile does not exist \(HTTP 410\); 1 "b": it has tile source type 15/,
      ),
    }),
  );
});
