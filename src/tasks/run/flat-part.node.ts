import { access, type FileHandle, open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FetchReport, InvalidOutError } from "../../index.js";
import { boxRuns } from "../../out/flat/box-runs.js";
import { sidecarText, type VolumeBlock, type VolumeBox, type VolumeWriter } from "../../out/index.js";
import { littleEndianBytes } from "../../out/little-endian.js";
import { writeAt } from "../../out/sink/file-sink.node.js";
import { voxelsIn } from "../../out/volume-shape.js";
import { bytesPerVoxel } from "../../space/data-type.js";
import { perAxis } from "../../space/per-axis.js";
import { type FlatFormatName, flatFileName, flatHeader } from "../flat-format.js";
import { datasetFolder, type ExportPlan } from "../plan/export-plan.js";
import type { PlannedTask } from "../planned-export.js";
import { type FetchTools, fetchBox } from "./fetch-part.js";

/** Makes the file that tasks write into, in its full length. Most disks allocate the space only when voxels are written. */
export async function makeFlatFile(plan: ExportPlan): Promise<void> {
  const format = plan.format as FlatFormatName;
  const { shape, dataType } = plan.volume;
  const header = flatHeader(format, plan.volume);
  const file = await open(flatPath(plan), "w");
  try {
    await writeAt(file, 0, header);
    await file.truncate(header.length + voxelsIn(shape) * bytesPerVoxel(dataType));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Fetches the voxels of a task into the file. Does not keep the voxels that an earlier, incomplete run has written. */
export async function fetchFlatPart(
  plan: ExportPlan,
  task: PlannedTask,
  tools: FetchTools,
): Promise<FetchReport> {
  const format = plan.format as FlatFormatName;
  const file = await openFlatFile(plan);
  try {
    const { dataType, shape } = plan.volume;
    const header = flatHeader(format, plan.volume).length;
    const report = await fetchBox(
      plan,
      task,
      new PartWriter(file, header, bytesPerVoxel(dataType), shape, task.box),
      tools,
    );
    await file.sync();
    return report;
  } finally {
    await file.close();
  }
}

/** Gives the complete file its name. A raw file gets a JSON beside it, as it cannot be read without a description. */
export async function placeFlatFile(
  plan: ExportPlan,
  filled: Readonly<Record<string, number>>,
): Promise<void> {
  if (plan.format === "raw") {
    const text = sidecarText(plan.volume, {}, { byteOrder: "little", order: "C", filled });
    await writeFile(`${plan.output}.json`, text);
  }
  try {
    await rename(flatPath(plan), plan.output);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    // An earlier call may have placed the file.
    await access(plan.output);
  }
}

async function openFlatFile(plan: ExportPlan): Promise<FileHandle> {
  try {
    return await open(flatPath(plan), "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new InvalidOutError(
      `${JSON.stringify(flatPath(plan))} is not there: it was finished, or removed; make the plan again (export plan)`,
      { cause: error },
    );
  }
}

/** Path of the file until it is complete. */
function flatPath(plan: ExportPlan): string {
  return join(datasetFolder(plan), flatFileName(plan.format as FlatFormatName));
}

/** Writes a box of a volume into a file of the whole volume. */
class PartWriter implements VolumeWriter {
  readonly concurrency = 2;
  readonly #file: FileHandle;
  readonly #header: number;
  readonly #voxelBytes: number;
  readonly #shape: VolumeBlock["shape"];
  readonly #box: VolumeBox;

  constructor(
    file: FileHandle,
    header: number,
    voxelBytes: number,
    shape: VolumeBlock["shape"],
    box: VolumeBox,
  ) {
    this.#file = file;
    this.#header = header;
    this.#voxelBytes = voxelBytes;
    this.#shape = shape;
    this.#box = box;
  }

  async write({ lower, upper }: VolumeBox, { data }: VolumeBlock): Promise<void> {
    const bytes = littleEndianBytes(data);
    const first = this.#box.lower;
    const moved = {
      lower: perAxis((axis) => first[axis] + lower[axis]),
      upper: perAxis((axis) => first[axis] + upper[axis]),
    };
    for (const { position, from, length } of boxRuns(this.#shape, moved)) {
      const at = this.#header + position * this.#voxelBytes;
      const run = bytes.subarray(from * this.#voxelBytes, (from + length) * this.#voxelBytes);
      await writeAt(this.#file, at, run);
    }
  }
}
