import type { Triple } from "../../space/axis-order.js";
import { perAxis } from "../../space/per-axis.js";
import { notBegun } from "../begin-errors.js";
import type { Pack, WriterTools } from "../packing/pack.js";
import { packingOf } from "../packing/packing.js";
import { voxelsIn } from "../volume-shape.js";
import type { VolumeBlock, VolumeBox, VolumeInfo, VolumeWriter } from "../volume-writer.js";
import type { ExistingExport } from "./begin-export.js";
import type { LevelFiles } from "./level-files.js";
import { extentOf, unitAt } from "./unit-grid.js";

/** A part of a level that consists of whole files. */
export interface LevelPart {
  readonly files: LevelFiles;
  /** The part's box in the level. It begins at the first voxel of a file. */
  readonly box: VolumeBox;
  /** What to do with files that exist already. */
  readonly existing: ExistingExport;
  /** Called when all files are stored. */
  finish(pack: Pack, signal: AbortSignal): Promise<void>;
  /** Called instead of `finish` if the fetch fails, and after `finish` if that fails. */
  abort(): Promise<void>;
}

/** Writes a part of a level of an export, as if it were a volume of its own. */
export class LevelWriter implements VolumeWriter {
  readonly shape: Triple;
  readonly chunkShape: Triple;
  readonly concurrency: number;
  has?: (box: VolumeBox) => Promise<boolean>;
  readonly #part: LevelPart;
  #tools: { readonly pack: Pack; readonly signal: AbortSignal } | undefined;

  constructor(part: LevelPart) {
    const { files, existing } = part;
    this.shape = extentOf(part.box);
    this.chunkShape = files.level.unitShape;
    this.concurrency = filesAtATime(this.chunkShape);
    this.#part = part;
    if (existing === "resume" || existing === "repair") {
      this.has = (box) => files.keeps(this.#at(box), existing);
    }
  }

  begin(_info: VolumeInfo, tools: WriterTools): void {
    this.#tools = { pack: packingOf(tools), signal: tools.signal };
  }

  async write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    await this.#part.files.write(this.#at(box), block, this.#begun().pack);
  }

  async flush(): Promise<void> {
    const { pack, signal } = this.#begun();
    await this.#part.finish(pack, signal);
  }

  async abort(): Promise<void> {
    await this.#part.abort();
  }

  #at({ lower }: VolumeBox): Triple {
    const { files, box } = this.#part;
    return unitAt(
      files.level,
      perAxis((axis) => box.lower[axis] + lower[axis]),
    );
  }

  #begun(): { readonly pack: Pack; readonly signal: AbortSignal } {
    if (this.#tools === undefined) throw notBegun();
    return this.#tools;
  }
}

/** How many files are written at a time: up to 16, so that they do not wait for the disk in turn, but fewer large ones. */
export function filesAtATime(unitShape: Triple): number {
  return Math.max(4, Math.min(16, Math.floor(2 ** 25 / voxelsIn(unitShape))));
}
