import { execFile } from "node:child_process";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ZipFile } from "../../../../src/cli/commands/zip-file.node.js";
import { type ByteSink, MemoryByteSink } from "../../../../src/out/sink/byte-sink.js";
import { fileSink } from "../../../../src/out/sink/file-sink.node.js";
import { streamSink } from "../../../../src/out/sink/stream-sink.js";
import { folderStore } from "../../../../src/out/store/folder-store.node.js";
import { MemoryStore } from "../../../../src/out/store/memory-store.js";
import { ZipArchive } from "../../../../src/out/store/zip-archive.js";
import { zipStore } from "../../../../src/out/store/zip-store.js";
import { exportVolume } from "../../../support/exports/export-volume.js";
import { FailingStore } from "../../../support/exports/failing-store.js";
import { rawFormat } from "../../../support/exports/raw-format.js";
import { countingVolume } from "../../../support/model/volume-boxes.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
});
afterAll(() => rm(folder, { recursive: true }));

const shape = [9, 7, 8] as const;
const volume = { format: rawFormat(), data: countingVolume(shape), shape, levels: 2 };

/** What Python's zipfile says of an archive, having read all of it. */
async function pythonReads(path: string, program: string): Promise<unknown> {
  const script = `import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1]) as z:\n    print(json.dumps(${program}))`;
  const { stdout } = await promisify(execFile)("python3", ["-c", script, path], { maxBuffer: 1e8 });
  return JSON.parse(stdout);
}

describe("zipStore", () => {
  test("is an archive that others read, with the files of a folder, their names sorted", async () => {
    const path = join(folder, "volume.zip");
    const store = new MemoryStore();
    await exportVolume({ store, ...volume });
    await exportVolume({ store: zipStore(await fileSink(path)), ...volume });
    const read = "[z.testzip(), [[i.filename, len(z.read(i)), list(i.date_time)] for i in z.infolist()]]";
    const expected = [];
    for (const name of [...store.paths].sort())
      expected.push([name, await store.size(name), [1980, 1, 1, 0, 0, 0]]);
    expect(await pythonReads(path, read)).toEqual([null, expected]);
  });

  test("is the same however the volume comes, and wherever the files are until then", async () => {
    const archives: Uint8Array[] = [];
    for (const scratch of [new MemoryStore(), folderStore(join(folder, "scratch"))] as const) {
      const sink = new MemoryByteSink();
      const shuffle = [archives.length * 5, 3, 1];
      await exportVolume({ store: zipStore(sink, scratch as MemoryStore), ...volume, shuffle });
      archives.push(sink.bytes.slice());
      expect(await scratch.list?.("")).toEqual([]);
    }
    expect(archives[1]).toEqual(archives[0]);
  });

  test("goes on where it was when it was killed", async () => {
    const whole = new MemoryByteSink();
    await exportVolume({ store: zipStore(whole), ...volume });
    const scratch = new MemoryStore();
    const killed = new FailingStore(scratch, 20);
    await expect(exportVolume({ store: zipStore(new MemoryByteSink(), killed), ...volume })).rejects.toThrow(
      "killed",
    );
    const resumed = new MemoryByteSink();
    let fetched = 0;
    const onFetched = () => void fetched++;
    await exportVolume({ store: zipStore(resumed, scratch), ...volume, existing: "resume", onFetched });
    expect(resumed.bytes).toEqual(whole.bytes);
    expect(fetched).toBeLessThan(12);
  });

  test("gives the archive up where the export fails, or the archive does", async () => {
    const events: string[] = [];
    const sink = (write: ByteSink["write"]): ByteSink => ({
      write,
      close: async () => void events.push("close"),
      discard: async () => void events.push("discard"),
    });
    const gone = {
      onFetched: () => {
        throw new Error("gone");
      },
    };
    await expect(exportVolume({ store: zipStore(sink(async () => {})), ...volume, ...gone })).rejects.toThrow(
      "gone",
    );
    expect(events.splice(0)).toEqual(["discard"]);
    const scratch = new MemoryStore();
    const full = sink(() => Promise.reject(new Error("the disk is full")));
    await expect(exportVolume({ store: zipStore(full, scratch), ...volume })).rejects.toThrow(
      "the disk is full",
    );
    expect(events).toEqual(["discard"]);
    // What was fetched is not lost.
    expect(scratch.paths).toContain("volume.json");
  });

  test("that another program compressed is refused with a sentence when it is read", async () => {
    const path = join(folder, "packed.zip");
    const script =
      "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('a', 'a' * 99)";
    await promisify(execFile)("python3", ["-c", script, path]);
    const zip = await ZipFile.open(path);
    await expect(zip.get("a")).rejects.toThrow(
      "was packed by another program, which compressed a: unpack it",
    );
    await zip.close();
  });

  test("goes into a stream, which takes bytes in their order", async () => {
    const chunks: Uint8Array[] = [];
    const stream = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
    await exportVolume({ store: zipStore(streamSink(stream)), ...volume });
    const whole = new MemoryByteSink();
    await exportVolume({ store: zipStore(whole), ...volume });
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(whole.bytes));
    const sink = streamSink(new WritableStream());
    await sink.write(0, Uint8Array.of(1, 2));
    await expect(sink.write(1, Uint8Array.of(1))).rejects.toThrow("a stream takes bytes in their order");
  });
});

describe("ZipArchive", () => {
  test("trap 42: has more files than 65,535, of names in any script", async () => {
    const path = join(folder, "many.zip");
    const sink = new MemoryByteSink();
    const archive = new ZipArchive(sink);
    const files = 65_540;
    for (let i = 0; i < files; i++) await archive.add(`größe 体/${i}`, Uint8Array.of(i & 255, i >> 8));
    await archive.end();
    await writeFile(path, sink.bytes);
    const last = files - 1;
    const read = `[z.testzip(), len(z.namelist()), z.namelist()[${last}], list(z.read("größe 体/${last}"))]`;
    expect(await pythonReads(path, read)).toEqual([
      null,
      files,
      `größe 体/${last}`,
      [last & 255, (last >> 8) & 255],
    ]);
    const zip = await ZipFile.open(path);
    expect(await zip.get(`größe 体/${last}`)).toEqual(Uint8Array.of(last & 255, (last >> 8) & 255));
    expect(await zip.get("none")).toBe(undefined);
    await zip.close();
  });

  test("trap 42: is longer than 4 GiB, and files lie beyond it", async () => {
    const path = join(folder, "long.zip");
    const file = await open(path, "w");
    // What is 0 is left out: a hole of the file.
    const sink: ByteSink = {
      write: async (position, bytes) => {
        if (bytes.length < 2 ** 25) await file.write(bytes, 0, bytes.length, position);
      },
      close: () => file.close(),
    };
    const archive = new ZipArchive(sink);
    const zeros = new Uint8Array(2 ** 28);
    for (let i = 0; i < 16; i++) await archive.add(`zeros/${i}`, zeros);
    await archive.add("after", Uint8Array.of(1, 2, 3));
    await archive.end();
    await sink.close();
    const read = '[z.getinfo("after").header_offset > 2**32, list(z.read("after")), len(z.namelist())]';
    expect(await pythonReads(path, read)).toEqual([true, [1, 2, 3], 17]);
    const zip = await ZipFile.open(path);
    expect(await zip.get("after")).toEqual(Uint8Array.of(1, 2, 3));
    await zip.close();
  }, 120_000);

  test("is empty where nothing was added", async () => {
    const path = join(folder, "empty.zip");
    const sink = await fileSink(path);
    await new ZipArchive(sink).end();
    await sink.close();
    expect(await pythonReads(path, "z.namelist()")).toEqual([]);
    expect(await readFile(path)).toHaveLength(22);
    const zip = await ZipFile.open(path);
    expect(await zip.get("any")).toBe(undefined);
    await zip.close();
  });
});
