import type { Triple } from "../../../space/axis-order.js";
import { createVoxels, type DataType } from "../../../space/data-type.js";
import { perAxis } from "../../../space/per-axis.js";
import type { Pack } from "../../packing/pack.js";
import type { VolumeBlock, VolumeBox, VolumeInfo } from "../../volume-writer.js";
import { xxh32Of } from "../../xxh32.js";
import type { ExistingExport } from "../begin-export.js";
import { copyBox } from "../copy-box.js";
import type { LevelFiles } from "../level-files.js";
import { extentOf, unitAt, unitBox, unitsOf } from "../unit-grid.js";
import { newBlock } from "../volume-block.js";
import { boxBefore } from "./computed-levels.js";
import { meanVoxels, stepsIn } from "./mean-voxels.js";
import { modeVoxels } from "./mode-voxels.js";

/** A level to compute, and the level that it is computed from. */
export interface LevelBuild {
  readonly finer: LevelFiles;
  readonly coarser: LevelFiles;
  /** The part of the coarser level to compute, in whole files. Default: all of it. */
  readonly box?: VolumeBox;
  /** What to do with files of the coarser level that exist already. */
  readonly existing: ExistingExport;
  /** Called when a file of the coarser level is complete. */
  readonly onFile?: (at: Triple) => void;
  /** Voxels of the finer level that become one voxel, per axis. */
  readonly step: Triple;
  /** The volume. Labels are reduced to modes, other voxels to means. */
  readonly info: Pick<VolumeInfo, "dataType" | "orientation" | "isLabels">;
  readonly pack: Pack;
  readonly signal: AbortSignal;
}

/** Most bytes of voxels to compute at a time; a larger file is computed alone. */
const mostBytes = 2 ** 25;
const mostAtATime = 4;

/**
 * Computes the files of a level that are missing, or that were computed from other files than the present ones. Each file
 * takes memory for its own voxels and for one file of the finer level, or for two if the grids of files are not aligned.
 */
export async function buildLevel(build: LevelBuild): Promise<void> {
  const { coarser, signal, box, info } = build;
  const { unitShape, shape } = coarser.level;
  const unitBytes = perAxis((axis) => Math.min(shape[axis], unitShape[axis])).reduce(
    (product, extent) => product * extent,
    createVoxels(info.dataType, 0).BYTES_PER_ELEMENT,
  );
  const places = unitsOf(coarser.level, box);
  const work = async (): Promise<void> => {
    for (const at of places) {
      signal.throwIfAborted();
      await buildUnit(build, at);
      build.onFile?.(at);
    }
  };
  const atATime = Math.min(mostAtATime, Math.max(1, Math.floor(mostBytes / unitBytes)));
  await Promise.all(Array.from({ length: atATime }, work));
}

async function buildUnit(build: LevelBuild, at: Triple): Promise<void> {
  const { finer, coarser, step, existing, pack, signal } = build;
  const { dataType } = build.info;
  const box = unitBox(coarser.level, at);
  const from = checksumOf(finer, boxBefore(finer.level, box, step));
  if (coarser.logged(at)?.from === from && (await coarser.keeps(at, existing))) return;
  const block = newBlock(dataType, extentOf(box));
  for (const part of partsOf(build, box)) {
    signal.throwIfAborted();
    const source = await readBox(finer, boxBefore(finer.level, part, step), dataType);
    copyBox(reduced(build, source), part.lower, block, box.lower, part);
  }
  await coarser.write(at, block, pack, from);
}

/** One checksum for all finer files that a box is computed from. */
function checksumOf(finer: LevelFiles, box: VolumeBox): number {
  return xxh32Of(Array.from(unitsOf(finer.level, box), (at) => finer.logged(at)?.xxh32 ?? 0));
}

/** Divides a box of the coarser level into parts, so that all voxels of a part begin in the same finer file. */
function* partsOf({ finer, step }: LevelBuild, box: VolumeBox): Generator<VolumeBox> {
  const { unitShape } = finer.level;
  const before = boxBefore(finer.level, box, step);
  const first = unitAt(finer.level, before.lower);
  const last = unitAt(
    finer.level,
    perAxis((axis) => (box.upper[axis] - 1) * step[axis]),
  );
  const edge = (axis: 0 | 1 | 2, unit: number): number =>
    Math.min(box.upper[axis], Math.max(box.lower[axis], Math.ceil((unit * unitShape[axis]) / step[axis])));
  for (let a = first[0]; a <= last[0]; a++) {
    for (let b = first[1]; b <= last[1]; b++) {
      for (let c = first[2]; c <= last[2]; c++) {
        const part = {
          lower: [edge(0, a), edge(1, b), edge(2, c)],
          upper: [edge(0, a + 1), edge(1, b + 1), edge(2, c + 1)],
        } as const;
        // If a finer file has a single section, perhaps no coarser voxel begins in it.
        if (extentOf(part).every((extent) => extent > 0)) yield part;
      }
    }
  }
}

/** Reads the voxels of a box of a level. */
async function readBox(files: LevelFiles, box: VolumeBox, dataType: DataType): Promise<VolumeBlock> {
  let whole: VolumeBlock | undefined;
  for (const at of unitsOf(files.level, box)) {
    const unit = unitBox(files.level, at);
    const block = await files.read(at);
    if (isSame(unit, box)) return block;
    whole ??= newBlock(dataType, extentOf(box));
    const common = {
      lower: perAxis((axis) => Math.max(unit.lower[axis], box.lower[axis])),
      upper: perAxis((axis) => Math.min(unit.upper[axis], box.upper[axis])),
    };
    copyBox(block, unit.lower, whole, box.lower, common);
  }
  return whole as VolumeBlock;
}

function reduced(build: LevelBuild, { data, shape }: VolumeBlock): VolumeBlock {
  const { step } = build;
  const { dataType, isLabels, orientation } = build.info;
  const voxels = isLabels
    ? modeVoxels(data, dataType, shape, step, orientation)
    : meanVoxels(data, dataType, shape, step);
  return { data: voxels, shape: stepsIn(shape, step) };
}

function isSame(a: VolumeBox, b: VolumeBox): boolean {
  return a.lower.join() === b.lower.join() && a.upper.join() === b.upper.join();
}
