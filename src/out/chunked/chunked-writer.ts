import { InvalidOutError } from "../../errors.js";
import { oneOf, refuseUnknown, wholeNumber } from "../../options/check-option.js";
import type { Triple } from "../../space/axis-order.js";
import type { WriterTools } from "../pack.js";
import type { FileStore } from "../store/file-store.js";
import type { VolumeBlock, VolumeBox, VolumeInfo, VolumeWriter } from "../volume-writer.js";
import { type ExistingExport, existingExports } from "./begin-export.js";
import type { ChunkFormat, LevelInfo } from "./chunk-format.js";
import { ChunkedExport, type ExportRequest, type LevelProgress } from "./chunked-export.js";
import { filesAtATime, LevelWriter, notBegun } from "./level-writer.js";

/** Options of a {@link ChunkedWriter}. */
export interface ChunkedWriterOptions {
  /**
   * A number: how many levels there are in all; those after the volume are computed when it is complete, by means or, of
   * labels, by modes. A list: those after the volume come from the server, each fetched for `level(n)` of the writer.
   * Default: 1, the volume alone.
   */
  readonly levels?: number | readonly LevelInfo[];
  /** What happens where there is an export already. Default: `"refuse"`. */
  readonly existing?: ExistingExport;
  /** Called after each file of the levels that are computed. What it throws ends the export. */
  readonly onLevelProgress?: (progress: LevelProgress) => void;
}

/** The names of {@link ChunkedWriterOptions}. */
export const chunkedWriterOptions: readonly string[] = ["levels", "existing", "onLevelProgress"];

const mostLevels = 64;

/**
 * Writes a volume as many files in a store: chunks, or shards of chunks. Each of them appears when it is whole, and what
 * makes them a dataset last, so that what is not complete opens nowhere. A run that was killed can be gone on with: see
 * {@link ExistingExport}. One writer is for one volume.
 */
export class ChunkedWriter implements VolumeWriter {
  /** Extent of the files. */
  readonly chunkShape: Triple;
  /** Files under way at a time. */
  readonly concurrency: number;
  /** Whether a file is there already; while nothing is resumed there is no such question. */
  has?: (box: VolumeBox) => Promise<boolean>;
  readonly #request: ExportRequest;
  #export: ChunkedExport | undefined;
  #first: LevelWriter | undefined;

  constructor(store: FileStore, format: ChunkFormat, options: ChunkedWriterOptions = {}) {
    if (typeof store?.put !== "function") {
      throw new InvalidOutError("the store of a writer must have put, as folderStore(path) has");
    }
    refuseUnknown(options, new Set(chunkedWriterOptions), "a ChunkedWriter");
    const { levels = 1, existing = "refuse", onLevelProgress } = options;
    if (typeof levels === "number") wholeNumber("levels", levels, 1, mostLevels);
    oneOf("existing", existing, existingExports);
    this.#request = { store, format, levels, existing, onLevelProgress };
    this.chunkShape = format.unitShape;
    this.concurrency = filesAtATime(format.unitShape);
  }

  /** See {@link VolumeWriter}. Throws an `InvalidOutError` for what cannot be exported so, or is in the way. */
  async begin(info: VolumeInfo, tools: WriterTools): Promise<void> {
    if (this.#first !== undefined) {
      throw new InvalidOutError("the writer has a volume: make one for each export");
    }
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

  /** Computes the other levels, if that was asked for, and completes the export. */
  async flush(): Promise<void> {
    await this.#begun().flush();
  }

  /** Gives up. What is there opens nowhere, and another run can go on with it. */
  async abort(): Promise<void> {
    await this.#export?.abort();
  }

  /**
   * What takes one of the levels that come from the server, 1 or more: an `out` of its own, for the same region at another
   * zoom level. The export is complete when the last of them is; the volume itself is the first.
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
