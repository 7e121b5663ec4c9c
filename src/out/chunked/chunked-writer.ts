import { InvalidOutError } from "../../errors.js";
import { oneOf, refuseUnknown, wholeNumber } from "../../options/check-option.js";
import type { Triple } from "../../space/axis-order.js";
import { begunBefore, notBegun } from "../begin-errors.js";
import type { WriterTools } from "../packing/pack.js";
import type { FileStore } from "../store/file-store.js";
import type { VolumeBlock, VolumeBox, VolumeInfo, VolumeWriter } from "../volume-writer.js";
import { type ExistingExport, existingExports } from "./begin-export.js";
import type { ChunkFormat, LevelInfo } from "./chunk-format.js";
import { ChunkedExport, type ExportRequest, type LevelProgress } from "./chunked-export.js";
import { filesAtATime, LevelWriter } from "./level-writer.js";

/** Options of a {@link ChunkedWriter}. */
export interface ChunkedWriterOptions {
  /**
   * If a number: the number of levels, including the volume itself. The others are computed when the volume is complete: as
   * means or, for labels, as modes. If a list: the levels after the volume, which are fetched; pass the writer's `level(n)`
   * as `out` for each. Default: 1, the volume alone.
   */
  readonly levels?: number | readonly LevelInfo[];
  /** What to do if the store holds an export already. Default: `"refuse"`. */
  readonly existing?: ExistingExport;
  /** Called after each file of a computed level. If it throws, the export fails with that error. */
  readonly onLevelProgress?: (progress: LevelProgress) => void;
}

export const chunkedWriterOptions: readonly string[] = ["levels", "existing", "onLevelProgress"];

const mostLevels = 64;

/**
 * Writes a volume as many files in a store: chunks, or shards of chunks. Each file appears when it is complete, and the
 * dataset's metadata appear last, so that no reader opens an incomplete export. A killed run can be resumed: see
 * {@link ExistingExport}. Each writer writes one volume.
 */
export class ChunkedWriter implements VolumeWriter {
  /** Extent of a file, in voxels. */
  readonly chunkShape: Triple;
  /** Files that are written at a time. */
  readonly concurrency: number;
  /** Whether a file exists already. Absent unless an export is resumed or repaired. */
  has?: (box: VolumeBox) => Promise<boolean>;
  readonly #request: ExportRequest;
  #export: ChunkedExport | undefined;
  #first: LevelWriter | undefined;

  constructor(store: FileStore, format: ChunkFormat, options: ChunkedWriterOptions = {}) {
    if (typeof store?.put !== "function") {
      throw new InvalidOutError("the store of a writer must have put, as folderStore(path) has");
    }
    if (typeof format?.layOut !== "function") {
      throw new InvalidOutError("the format of a writer must have layOut, as omeZarrFormat() has");
    }
    refuseUnknown(options, new Set(chunkedWriterOptions), "a ChunkedWriter");
    const { levels = 1, existing = "refuse", onLevelProgress } = options;
    if (typeof levels === "number") wholeNumber("levels", levels, 1, mostLevels);
    oneOf("existing", existing, existingExports);
    this.#request = { store, format, levels, existing, onLevelProgress };
    this.chunkShape = format.unitShape;
    this.concurrency = filesAtATime(format.unitShape);
  }

  /** See {@link VolumeWriter}. Throws an `InvalidOutError` if the volume cannot be exported, or the store cannot take it. */
  async begin(info: VolumeInfo, tools: WriterTools): Promise<void> {
    if (this.#first !== undefined) throw begunBefore();
    const ongoing = await ChunkedExport.begin(this.#request, info);
    const first = new LevelWriter(ongoing.level(0));
    first.begin(info, tools);
    if (first.has !== undefined) this.has = first.has;
    this.#export = ongoing;
    this.#first = first;
  }

  /** See {@link VolumeWriter}. */
  async write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    await this.#begun().write(box, block);
  }

  /** Computes the other levels if they are to be computed. Completes the export unless fetched levels are missing. */
  async flush(): Promise<void> {
    await this.#begun().flush();
  }

  /** Stops the export. Stored files stay, so that another run can resume it. */
  async abort(): Promise<void> {
    await this.#export?.abort();
  }

  /**
   * The writer of a fetched level, 1 or more. Pass it as `out` to a fetch of the same region at another zoom level, after
   * this writer has begun. The export is complete when the volume itself and all fetched levels are.
   */
  level(level: number): VolumeWriter {
    if (this.#export === undefined) throw notBegun();
    return new LevelWriter(this.#export.level(level));
  }

  #begun(): LevelWriter {
    if (this.#first === undefined) throw notBegun();
    return this.#first;
  }
}
