import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { alternate, type Contender } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import { exportFolder, libraryFolder, programPath, pythonCommand } from "../places.js";
import { expectedSha256 } from "../tiles/expected-volume.js";
import { exportRegion, exportStackInfo, exportVolume, linkSections } from "./export-stack.js";
import { chunkShape, type ExportAnswer, type ExportTask, gzipLevel, zstdLevel } from "./export-task.js";
import { readSharded } from "./read-sharded.js";

type Compression = ExportTask["compression"];

/** A format, and the writer that takes a volume in the same way but keeps nothing. */
interface ExportSetting {
  readonly title: string;
  readonly format: ExportTask["format"];
  readonly baseline: ExportTask["format"];
  /** The library that writes the format for catpy, if there is one. */
  readonly behindCatpy?: string;
  readonly compressions: readonly Compression[];
}

const settings: readonly ExportSetting[] = [
  {
    title: "HDF5",
    format: "hdf5",
    baseline: "nothing",
    behindCatpy: "h5py",
    compressions: ["none", "gzip"],
  },
  {
    title: "OME-Zarr 0.4",
    format: "ome-zarr",
    baseline: "nothing",
    behindCatpy: "zarr",
    compressions: ["none", "gzip", "zstd"],
  },
  { title: "N5", format: "n5", baseline: "nothing", compressions: ["none", "gzip", "zstd"] },
  {
    title: "OME-Zarr 0.5, shards of 16 MB",
    format: "sharded",
    baseline: "nothing-sharded",
    compressions: ["none", "gzip", "zstd"],
  },
  { title: "TIFF", format: "tiff", baseline: "nothing-flat", compressions: ["none"] },
];

const rounds: Readonly<Record<Compression, number>> = { none: 5, gzip: 3, zstd: 3 };

/** The name of a case. */
function exportName(title: string, compression: Compression): string {
  return `201 MB as ${title}, ${compression === "none" ? "uncompressed" : compression}`;
}

/** Measured from making the fetcher until the files are complete. What was written is read back each time. */
export const exportCases: readonly BenchCase[] = settings.flatMap((setting) =>
  setting.compressions.map((compression) => ({
    group: "export",
    name: exportName(setting.title, compression),
    run: (context) => race(context, setting, compression),
  })),
);

async function race(
  context: BenchContext,
  setting: ExportSetting,
  compression: Compression,
): Promise<BenchRow[]> {
  const folder = await context.tiles();
  linkSections(folder);
  const { origin } = await context.server();
  const { format, baseline, behindCatpy } = setting;
  const python = await context.python();
  const task = { info: exportStackInfo(origin), roi: exportRegion, compression };
  const expected = expectedSha256(folder, exportVolume, exportRegion);
  const read = readerOf(context, format, python);
  if (read === undefined)
    throw new Error("there is no Python with h5py, tifffile and zarr that could read it back");
  const library = (dist: string): string[] => [process.execPath, programPath("export.process.mjs"), dist];
  const ours = library(libraryFolder);
  const earlier = process.env["BENCH_BASELINE"];
  const catpyCommand = pythonCommand(python ?? "", "export/catpy_export.py");
  const contenders: Contender[] = [
    exporter(context, "ours", ours, { ...task, format }, read),
    ...(earlier ? [exporter(context, "baseline", library(earlier), { ...task, format }, read)] : []),
    // The fetcher itself makes sure that the writer took all voxels.
    exporter(context, "kept nothing", ours, { ...task, format: baseline }, async () => expected),
  ];
  if (behindCatpy !== undefined && process.env["CATPY_PATH"]) {
    contenders.push(exporter(context, `catpy + ${behindCatpy}`, catpyCommand, { ...task, format }, read));
  }
  return alternate(contenders, { rounds: context.rounds(rounds[compression]), expected });
}

type Read = (path: string) => Promise<string>;

function exporter(
  context: BenchContext,
  name: string,
  command: readonly string[],
  task: Omit<ExportTask, "path">,
  read: Read,
): Contender {
  return {
    name,
    async measure() {
      const folder = mkdtempSync(join(exportFolder, "catmaid-image-bench-"));
      try {
        const path = join(folder, "export");
        const child = context.lineProcess(command.join(" "), command);
        const { wallMs, cpuMs } = await child.ask<ExportAnswer>({
          ...task,
          path,
          chunkShape,
          gzipLevel,
          zstdLevel,
        });
        return { wallMs, cpuMs, sha256: await read(path) };
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

/** The independent reader of a format. */
function readerOf(
  context: BenchContext,
  format: ExportTask["format"],
  python: string | undefined,
): Read | undefined {
  if (format === "sharded") return readSharded;
  if (python === undefined || spawnSync(python, ["-c", "import h5py, tifffile, zarr"]).status !== 0)
    return undefined;
  const command = pythonCommand(python, "export/read_export.py");
  return async (path) => {
    const child = context.lineProcess("read exports", command);
    return (await child.ask<{ sha256: string }>({ path, format })).sha256;
  };
}
