import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { Pack } from "../packing/pack.js";
import { checkCompression } from "../packing/packing.js";
import type { FileStore } from "../store/file-store.js";
import type { VolumeInfo } from "../volume-writer.js";
import { beginExport, type ExistingExport } from "./begin-export.js";
import type { ChunkFormat, LevelInfo } from "./chunk-format.js";
import { type ExportLayout, layOutExport } from "./export-layout.js";
import { type ExportManifest, putManifest, storeName } from "./export-manifest.js";
import { LevelFiles } from "./level-files.js";
import type { LevelPart } from "./level-writer.js";
import { buildLevel } from "./levels/build-level.js";
import { computedLevels, firstLevel, stepBetween } from "./levels/computed-levels.js";
import type { FileLog } from "./log/file-log.js";
import { FillCounts } from "./log/fill-counts.js";
import { storeFile } from "./log/store-file.js";
import { unitCount, unitsOf, wholeBox } from "./unit-grid.js";

/** Where and how a volume is exported. */
export interface ExportRequest {
  readonly store: FileStore;
  readonly format: ChunkFormat;
  /** The number of levels in all, if those after the first are computed; or the levels after the first, if they are fetched. */
  readonly levels: number | readonly LevelInfo[];
  readonly existing: ExistingExport;
  readonly onLevelProgress: ((progress: LevelProgress) => void) | undefined;
}

/** Progress of the computed levels. */
export interface LevelProgress {
  /** The level of the last file, 1 or more. */
  readonly level: number;
  /** Files completed so far, in all computed levels. */
  readonly files: number;
  /** Number of files in all computed levels. */
  readonly of: number;
  /** Total length of the completed files, in bytes. */
  readonly bytes: number;
}

/** An export of a volume to a store, while it is under way. */
export class ChunkedExport {
  readonly info: VolumeInfo;
  readonly #request: ExportRequest;
  readonly #layout: ExportLayout;
  readonly #manifest: ExportManifest;
  readonly #log: FileLog;
  readonly #files: readonly LevelFiles[];

  private constructor(
    request: ExportRequest,
    info: VolumeInfo,
    layout: ExportLayout,
    { log, manifest }: Awaited<ReturnType<typeof beginExport>>,
  ) {
    this.#request = request;
    this.info = info;
    this.#layout = layout;
    this.#manifest = manifest;
    this.#log = log;
    this.#files = layout.dataset.levels.map((level) => new LevelFiles(level, request.store, log));
  }

  /** Prepares the store. Throws an `InvalidOutError` if the volume cannot be exported, or the store cannot take it. */
  static async begin(request: ExportRequest, info: VolumeInfo): Promise<ChunkedExport> {
    const { store, format, existing } = request;
    const areComputed = typeof request.levels === "number";
    const levels =
      typeof request.levels === "number"
        ? computedLevels(info, request.levels)
        : [firstLevel(info), ...request.levels];
    if (store.get === undefined && areComputed && levels.length > 1) {
      throw new InvalidOutError(
        `${storeName(store)} cannot be read, and computed levels are made from the files in it: ask for one level`,
      );
    }
    const layout = layOutExport(format, info, levels, areComputed);
    await checkCompression(format.compression);
    return new ChunkedExport(request, info, layout, await beginExport(store, layout.manifest, existing));
  }

  /** A level, for a writer. */
  level(level: number): LevelPart {
    const files = this.#filesOf(level);
    return {
      files,
      box: wholeBox(files.level),
      existing: this.#request.existing,
      finish: (pack, signal) => this.#finishLevel(level, pack, signal),
      abort: () => this.abort(),
    };
  }

  /** Stops the export. Stored files stay, so that another run can resume it. */
  async abort(): Promise<void> {
    // An error of the log is ignored: files without a line in it are fetched again.
    await this.#log.stored().catch(() => {});
    await this.#request.store.discard?.();
  }

  /**
   * Called when all files of a fetched level are stored. Computes the levels after it, if levels are computed. Completes
   * the export unless fetched levels are missing.
   */
  async #finishLevel(level: number, pack: Pack, signal: AbortSignal): Promise<void> {
    const missing = this.#missingFiles(level);
    if (missing > 0) {
      throw new InvalidOutError(
        `level ${level} of ${this.#levelOf(level).shape.join(" × ")} voxels lacks ${missing} of its ` +
          `${unitCount(this.#filesOf(level).level)} files: write every chunk before flush`,
      );
    }
    if (typeof this.#request.levels === "number") await this.#computeLevels(pack, signal);
    else if (this.#layout.levels.some((_, other) => this.#missingFiles(other) > 0)) return;
    await this.#finish();
  }

  async #computeLevels(pack: Pack, signal: AbortSignal): Promise<void> {
    const { existing, onLevelProgress } = this.#request;
    const of = this.#files.slice(1).reduce((sum, { level }) => sum + unitCount(level), 0);
    let [files, bytes] = [0, 0];
    for (let level = 1; level < this.#layout.levels.length; level++) {
      const step = stepBetween(this.#levelOf(level - 1), this.#levelOf(level));
      const [finer, coarser] = [this.#filesOf(level - 1), this.#filesOf(level)];
      const onFile = (at: Triple): void => {
        bytes += coarser.logged(at)?.bytes ?? 0;
        onLevelProgress?.({ level, files: ++files, of, bytes });
      };
      await buildLevel({ finer, coarser, existing, onFile, step, info: this.info, pack, signal });
    }
  }

  async #finish(): Promise<void> {
    const { store } = this.#request;
    const { dataset } = this.#layout;
    for (const { path, bytes } of dataset.metadata(this.#fills())) {
      await storeFile(store, this.#log, path, bytes);
    }
    await this.#log.complete();
    await putManifest(store, { ...this.#manifest, complete: true });
    await store.close?.();
  }

  #fills(): Readonly<Record<string, number>> {
    const fills = new FillCounts();
    const files = this.#filesOf(0);
    for (const at of unitsOf(files.level)) fills.add(files.logged(at));
    return fills.byCause;
  }

  #missingFiles(level: number): number {
    const files = this.#filesOf(level);
    let missing = 0;
    for (const at of unitsOf(files.level)) if (files.logged(at) === undefined) missing++;
    return missing;
  }

  #filesOf(level: number): LevelFiles {
    const files = this.#files[level];
    if (files !== undefined) return files;
    throw new InvalidOutError(`level must be from 0 to ${this.#files.length - 1}, got ${level}`);
  }

  #levelOf(level: number): LevelInfo {
    return this.#layout.levels[level] as LevelInfo;
  }
}
