import { describe, expect, test } from "vitest";
import { verifyExport } from "../../../src/out/chunked/log/verify-export.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";
import type { VolumeBox } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";
import { type ExportedVolume, exportVolume, filesOf } from "../../support/exports/export-volume.js";
import { FailingStore } from "../../support/exports/failing-store.js";
import { rawFormat } from "../../support/exports/raw-format.js";
import { countingVolume } from "../../support/model/volume-boxes.js";

const shape: Triple = [9, 10, 7];
const data = countingVolume(shape);
const volume = { format: rawFormat({ compression: { kind: "gzip" } }), data, shape, levels: 3 } as const;
const files = 3 * 3 * 2;

async function exported(change: Partial<ExportedVolume> = {}): Promise<MemoryStore> {
  const store = new MemoryStore();
  await exportVolume({ store, ...volume, ...change });
  return store;
}

type Files = Readonly<Record<string, string>>;

/** What readers see is a dataset only where it is whole, and no file is there in part, be it one of an export before. */
function expectNoHalfFiles(left: Files, whole: Files, before: Files = {}): void {
  const seen = (files: Files): string[] => Object.keys(files).filter((path) => !path.startsWith("."));
  if (left["volume.json"] !== undefined) expect(seen(left)).toEqual(seen(whole));
  for (const path of seen(left)) expect([whole[path], before[path]]).toContain(left[path]);
}

/** The boxes that a run has to fetch. */
async function fetchedBy(store: MemoryStore, change: Partial<ExportedVolume> = {}): Promise<string[]> {
  const boxes: string[] = [];
  const onFetched = ({ lower }: VolumeBox): void => void boxes.push(lower.join());
  await exportVolume({ store, ...volume, existing: "resume", onFetched, ...change });
  return boxes;
}

describe("an export that is killed", () => {
  test("at any moment is no dataset before it is whole, and comes to the same files when it is resumed", async () => {
    const whole = await filesOf(await exported());
    for (let changes = 0; ; changes++) {
      const store = new MemoryStore();
      const failing = new FailingStore(store, changes);
      await exportVolume({ store: failing, ...volume }).catch(() => {});
      expectNoHalfFiles(await filesOf(store), whole);
      await exportVolume({ store, ...volume, existing: "resume" });
      expect(await filesOf(store)).toEqual(whole);
      if (!failing.hasFailed) break;
      expect(changes).toBeLessThan(500);
    }
  });

  test("and killed again while it is resumed goes on all the same, and fetches nothing twice that is logged", async () => {
    const whole = await filesOf(await exported());
    const store = new MemoryStore();
    let fetched = 0;
    let runs = 0;
    for (let done = false; !done; runs++) {
      const failing = new FailingStore(store, 20);
      const onFetched = () => void fetched++;
      done = await exportVolume({ store: failing, ...volume, existing: "resume", onFetched }).then(
        () => true,
        () => false,
      );
      expect(runs).toBeLessThan(100);
    }
    expect(await filesOf(store)).toEqual(whole);
    expect(runs).toBeGreaterThan(3);
    // Sixteen are under way at a time, and what was not logged of them is fetched again.
    expect(fetched).toBeLessThanOrEqual(files + 16 * runs);
  });

  test("while it is overwritten has no metadata either, and leaves nothing of what was there", async () => {
    const info = { mirror: { position: 1, title: "another" } };
    const old = { ...volume, format: rawFormat({ chunk: [2, 3, 5] }), info };
    const before = await filesOf(await exported(old));
    const whole = await filesOf(await exported());
    for (let changes = 0; ; changes++) {
      const store = await exported(old);
      const failing = new FailingStore(store, changes);
      await exportVolume({ store: failing, ...volume, existing: "overwrite" }).catch(() => {});
      const left = await filesOf(store);
      if (left["volume.json"] !== before["volume.json"]) expectNoHalfFiles(left, whole, before);
      else expect(left).toEqual(before);
      await exportVolume({ store, ...volume, existing: "overwrite" });
      expect(await filesOf(store)).toEqual(whole);
      if (!failing.hasFailed) break;
    }
  });
});

describe("an export that is there", () => {
  test("is refused, resumed without fetching anything, or overwritten, as asked", async () => {
    const store = await exported();
    const whole = await filesOf(store);
    await expect(exportVolume({ store, ...volume })).rejects.toThrow(
      'the store holds an export already, which is complete: go on with it (existing: "resume"), replace it (existing: "overwrite"), or name another place',
    );
    expect(await fetchedBy(store)).toEqual([]);
    expect(await fetchedBy(store, { existing: "overwrite" })).toHaveLength(files);
    expect(await filesOf(store)).toEqual(whole);
  });

  test("of other parameters is refused by their names, and stays as it is", async () => {
    const store = await exported();
    const before = await filesOf(store);
    const refusal = async (change: Partial<ExportedVolume>): Promise<string> => {
      const failure = exportVolume({ store, ...volume, existing: "resume", ...change });
      const message = await failure.then(
        () => "not refused",
        (error: Error) => error.message,
      );
      expect(await filesOf(store)).toEqual(before);
      return message;
    };
    const format = rawFormat({ chunk: [2, 4, 4], compression: { kind: "gzip", level: 1 } });
    expect(await refusal({ format })).toBe(
      'the store holds an export of chunk [4,4,4], not [2,4,4]; compression {"kind":"gzip"}, not {"kind":"gzip","level":1}: ' +
        'ask for the same to go on with it, or replace it (existing: "overwrite")',
    );
    expect(await refusal({ levels: 2 })).toContain(
      "an export of levels [[9,10,7],[9,5,4],[9,3,2]], not [[9,10,7],[9,5,4]]: ",
    );
    expect(await refusal({ levels: 1 })).toContain('; levelsFrom "computed", not (default): ');
    expect(await refusal({ info: { origin: [1, 0, 0] } })).toContain(
      "an export of origin [0,0,0], not [1,0,0]: ",
    );
    expect(await refusal({ info: { stack: { id: 2, title: "other" } } })).toContain(
      'of stack {"id":1,"title":"stack"}, not {"id":2,"title":"other"}: ',
    );
    expect(await refusal({ info: { zoomLevel: 1 } })).toContain("of zoomLevel 0, not 1: ");
    expect(await refusal({ info: { fillValue: 255 } })).toContain("of fillValue 0, not 255: ");
    expect(await refusal({ info: { channel: 1 } })).toContain("of channel (default), not 1: ");
    expect(await refusal({ info: { brokenSliceHandling: "closest" } })).toContain(
      'of brokenSliceHandling (default), not "closest": ',
    );
    expect(await refusal({ info: { isLabels: true } })).toContain("of isLabels false, not true: ");
    expect(await refusal({ format: { ...volume.format, name: "other" } })).toContain(
      'of format "test", not "other": ',
    );
  });

  test("goes on from another mirror of the same stack: the first may be down", async () => {
    const store = await exported();
    expect(await fetchedBy(store, { info: { mirror: { position: 1, title: "other" } } })).toEqual([]);
  });

  test("of somebody else is refused, whatever is asked, and stays", async () => {
    const store = new MemoryStore();
    await store.put("thesis/chapter-1.tex", Uint8Array.of(1));
    for (const existing of ["refuse", "resume", "repair", "overwrite"] as const) {
      await expect(exportVolume({ store, ...volume, existing })).rejects.toThrow(
        'the store holds "thesis/", and no export that could be resumed or replaced: name an empty place',
      );
    }
    expect(store.paths).toEqual(["thesis/chapter-1.tex"]);
  });

  test.each(["{", "null", '{"version":2,"parameters":{},"metadata":[]}'])(
    "with a manifest that is none of ours is refused: %s",
    async (text) => {
      const store = new MemoryStore();
      await store.put(".catmaid-image/export.json", new TextEncoder().encode(text));
      await expect(exportVolume({ store, ...volume, existing: "overwrite" })).rejects.toThrow(
        "the store has a .catmaid-image/export.json that this version did not write",
      );
    },
  );

  test("lacks a file, or has one that was cut: that one alone is fetched again", async () => {
    const store = await exported();
    const whole = await filesOf(store);
    await store.remove("0/0.0.0");
    await store.put("0/1.2.0", Uint8Array.of(1, 2));
    await store.remove("1/0.0.0");
    expect((await fetchedBy(store)).sort()).toEqual(["0,0,0", "4,8,0"]);
    expect(await filesOf(store)).toEqual(whole);
  });
});

describe("an export with voxels that could not be had", () => {
  const cause = (box: VolumeBox, causes: Readonly<Record<string, string>>) => {
    const found = causes[box.lower.join()];
    return found === undefined ? undefined : [found];
  };
  const filled = (box: VolumeBox) => cause(box, { "0,0,0": "failed", "4,4,0": "missing" });
  const withHoles = Uint8Array.from(data, (value, i) => (i < 7 && i % 7 < 4 ? 0 : value));

  test("is not fetched again when it is resumed, as it is known to be filled", async () => {
    const store = await exported({ filled });
    expect(await fetchedBy(store)).toEqual([]);
    const { filled: found } = await verifyExport(store);
    expect(found).toEqual([
      { path: "0/0.0.0", causes: ["failed"] },
      { path: "0/1.1.0", causes: ["missing"] },
    ]);
  });

  test("is fetched again where that failed when it is repaired, and so are files that were damaged; levels follow", async () => {
    const sound = await filesOf(await exported({ filled: (box) => cause(box, { "4,4,0": "missing" }) }));
    for (let changes = 0; ; changes++) {
      const store = await exported({ data: withHoles, filled });
      const damaged = (await store.get("0/2.0.0")) ?? new Uint8Array(0);
      damaged[damaged.length - 1] = 99;
      await store.put("0/2.0.0", damaged);
      const level = (await store.get("1/2.1.0")) ?? new Uint8Array(0);
      level[level.length - 1] = 99;
      await store.put("1/2.1.0", level);
      expect((await verifyExport(store)).damaged).toEqual(["0/2.0.0", "1/2.1.0"]);
      const change = {
        existing: "repair",
        filled: (box: VolumeBox) => cause(box, { "4,4,0": "missing" }),
      } as const;
      if (changes === 0) {
        expect((await fetchedBy(store, change)).sort()).toEqual(["0,0,0", "8,0,0"]);
      } else {
        const failing = new FailingStore(store, changes);
        await exportVolume({ store: failing, ...volume, ...change }).catch(() => {});
        // What a killed repair had replaced already is not taken for what was there before.
        await exportVolume({ store, ...volume, ...change });
        if (!failing.hasFailed) break;
      }
      expect(await filesOf(store)).toEqual(sound);
    }
  });
});

describe("verifyExport", () => {
  test("finds a whole export whole, and says what it is", async () => {
    const store = await exported();
    const check = await verifyExport(store);
    expect(check).toMatchObject({ complete: true, missing: [], damaged: [], filled: [] });
    expect(check.parameters).toMatchObject({ format: "test", chunk: [4, 4, 4], shape: [9, 10, 7] });
    expect(check.files).toBe(store.paths.filter((path) => !path.startsWith(".")).length);
  });

  test("lists what is missing and what is damaged, metadata too, and goes on after it", async () => {
    const store = await exported();
    await store.remove("0/0.0.0");
    await store.put("1/0.0.0", Uint8Array.of(1));
    await store.put("volume.json", Uint8Array.of(123));
    const seen: number[] = [];
    const check = await verifyExport(store, { onProgress: ({ files }) => void seen.push(files) });
    expect(check).toMatchObject({ missing: ["0/0.0.0"], damaged: ["1/0.0.0", "volume.json"] });
    expect(seen).toHaveLength(check.files);
  });

  test("says that one that was killed is not complete", async () => {
    const store = new MemoryStore();
    await exportVolume({ store: new FailingStore(store, 12), ...volume }).catch(() => {});
    expect(await verifyExport(store)).toMatchObject({
      complete: false,
      damaged: [],
      missing: ["volume.json"],
    });
  });

  test("refuses where there is no export, and hears an abort", async () => {
    await expect(verifyExport(new MemoryStore())).rejects.toThrow(
      "the store holds no export that could be verified",
    );
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(verifyExport(await exported(), { signal })).rejects.toThrow("enough");
  });
});
