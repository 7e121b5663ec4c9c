import { afterAll, describe, expect, test } from "vitest";
import { ChunkedWriter } from "../../../src/out/chunked/chunked-writer.js";
import { firstLevel } from "../../../src/out/chunked/levels/computed-levels.js";
import { verifyExport } from "../../../src/out/chunked/log/verify-export.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { filesOf, readLevel } from "../../support/exports/export-volume.js";
import { rawFormat } from "../../support/exports/raw-format.js";
import { volumeInfo } from "../../support/exports/recording-writer.js";
import { oneKind, openFetcher } from "../../support/fetching/open-fetcher.js";
import { expectedVolume } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

const roi = [
  [1, 30, 50],
  [4, 80, 145],
] as const; // 3 sections × 2 rows × 3 columns
const format = rawFormat({ chunk: [2, 16, 32], compression: { kind: "gzip", level: 1 } });

describe.each(oneKind)("%s: exports", (_name, make) => {
  test("a volume is exported, packed where it is decoded, and is there voxel by voxel", async () => {
    const { fetcher, server } = await openFetcher(make);
    const store = new MemoryStore();
    await fetcher.get(roi, { out: new ChunkedWriter(store, format, { levels: 3 }) });
    const expected = expectedVolume(server.stack, { lower: roi[0], upper: roi[1] }).data;
    const info = volumeInfo([3, 50, 95]);
    expect(await readLevel(store, format, info, [firstLevel(info)], 0)).toEqual(expected);
    expect(await verifyExport(store)).toMatchObject({ complete: true, missing: [], damaged: [], filled: [] });
  });

  test("a server that is lost in the middle ends it, and another run asks for what is missing alone", async () => {
    const whole = new MemoryStore();
    const { fetcher, server } = await openFetcher(make, { options: { cacheItems: 0 } });
    await fetcher.get(roi, { out: new ChunkedWriter(whole, format, { levels: 2 }) });
    const store = new MemoryStore();
    server.script = ({ depth, col }) => (depth === 3 && col === 2 ? { status: 400 } : undefined);
    const failed = fetcher.get(roi, { out: new ChunkedWriter(store, format, { levels: 2 }) });
    await expect(failed).rejects.toMatchObject({ code: "tile-fetch", status: 400 });
    expect(store.paths).not.toContain("volume.json");
    server.script = () => undefined;
    const before = server.requests.length;
    const out = new ChunkedWriter(store, format, { levels: 2, existing: "resume" });
    await fetcher.get(roi, { out });
    expect(await filesOf(store)).toEqual(await filesOf(whole));
    const asked = server.requests.length - before;
    expect(asked).toBeGreaterThan(0);
    const again = new ChunkedWriter(store, format, { levels: 2, existing: "resume" });
    const { report } = await fetcher.get(roi, { out: again });
    expect(server.requests.length - before).toBe(asked);
    expect(report.blocks).toMatchObject({ planned: 0, fetched: 0 });
  });

  test("an abort in the middle loses nothing that was stored", async () => {
    const { fetcher, server } = await openFetcher(make, {
      options: { cacheItems: 0 },
      script: ({ depth }) => (depth === 3 ? "hold" : undefined),
    });
    const controller = new AbortController();
    const store = new MemoryStore();
    const first = new ChunkedWriter(store, format);
    let files = 0;
    // All of the first two sections.
    const out = Object.assign(first, {
      write: async (...given: Parameters<ChunkedWriter["write"]>) => {
        await ChunkedWriter.prototype.write.apply(first, given);
        if (++files === 4 * 3) controller.abort("enough");
      },
    });
    await expect(fetcher.get(roi, { out, signal: controller.signal })).rejects.toBe("enough");
    server.script = () => undefined;
    const before = server.requests.length;
    await fetcher.get(roi, { out: new ChunkedWriter(store, format, { existing: "resume" }) });
    // Of the aborted fetch some may arrive only now.
    expect(new Set(server.requests.slice(before).map(({ depth }) => depth))).toEqual(new Set([3]));
    expect(await verifyExport(store)).toMatchObject({ complete: true, missing: [], damaged: [], filled: [] });
  });

  test("what was filled after a failure is known, and fetched again when the export is repaired", async () => {
    const whole = new MemoryStore();
    const { fetcher, server } = await openFetcher(make, { options: { cacheItems: 0 } });
    await fetcher.get(roi, { out: new ChunkedWriter(whole, format) });
    const store = new MemoryStore();
    server.script = ({ depth, row, col }) =>
      depth === 1 && row === 0 && col === 0 ? { status: 400 } : undefined;
    await fetcher.get(roi, { out: new ChunkedWriter(store, format), onTileError: "fill" });
    expect((await verifyExport(store)).filled).toEqual([
      { path: "0/0.0.0", causes: ["failed"] },
      { path: "0/0.1.0", causes: ["failed"] },
    ]);
    server.script = () => undefined;
    const before = server.requests.length;
    await fetcher.get(roi, { out: new ChunkedWriter(store, format, { existing: "repair" }) });
    expect(await filesOf(store)).toEqual(await filesOf(whole));
    expect(server.requests.length - before).toBeLessThan(10);
  });
});
