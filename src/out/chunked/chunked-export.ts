import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { Pack } from "../pack.js";
import type { FileStore } from "../store/file-store.js";
import type { VolumeBlock, VolumeInfo } from "../volume-writer.js";
import { beginExport, type ExistingExport } from "./begin-export.js";
import type { ChunkedDataset, ChunkFormat, DatasetLevel, LevelInfo } from "./chunk-format.js";
import { type ExportManifest, exportParameters, putManifest, storeName } from "./export-manifest.js";
import type { FileLog } from "./file-log.js";
import { LevelFiles } from "./level-files.js";
import { buildLevel } from "./levels/build-level.js";
import { computedLevels, firstLevel, stepBetween } from "./levels/computed-levels.js";
import { storeFile } from "./store-file.js";
import { unitsOf } from "./unit-grid.js";

/** What is exported, where, and how. */
export interface ExportRequest {
  readonly store: FileStore;
  readonly format: ChunkFormat;
  /** How many in all are computed, or which come from the server beside the first. */
  readonly levels: number | readonly LevelInfo[];
  readonly existing: ExistingExport;
}

/** A volume that is on its way into a store. */
export class ChunkedExport {
  readonly info: VolumeInfo;
  /** The levels, the volume first. */
  readonly levels: readonly LevelInfo[];
  readonly #request: ExportRequest;
  readonly #dataset: ChunkedDataset;
  readonly #manifest: ExportManifest;
  readonly #log: FileLog;
  readonly #files: readonly LevelFiles[];

  private constructor(
    request: ExportRequest,
    info: VolumeInfo,
    levels: readonly LevelInfo[],
    dataset: ChunkedDataset,
    manifest: ExportManifest,
    log: FileLog,
  ) {
    this.#request = request;
    this.info = info;
    this.levels = levels;
    this.#dataset = dataset;
    this.#manifest = manifest;
    this.#log = log;
    this.#files = dataset.levels.map((level) => new LevelFiles(level, request.store, log));
  }

  /** Makes the store ready. Throws an `InvalidOutError` for what cannot be exported so, or is in the way. */
  static async begin(request: ExportRequest, info: VolumeInfo, pack: Pack): Promise<ChunkedExport> {
    const { store, format, existing } = request;
    const areComputed = typeof request.levels === "number";
    const levels =
      typeof request.levels === "number"
        ? computedLevels(info, request.levels)
        : [firstLevel(info), ...request.levels];
    if (store.get === undefined && areComputed && levels.length > 1) {
      throw new InvalidOutError(
        `${storeName(store)} cannot be read, and levels are computed of what is in it: ask for one level`,
      );
    }
    const dataset = format.layOut(info, levels);
    if (format.compression !== undefined) await pack(new Uint8Array(1), format.compression);
    const manifest: ExportManifest = {
      version: 1,
      complete: false,
      parameters: exportParameters(format, info, levels, areComputed),
      mirror: info.mirror,
      metadata: dataset.metadata({}).map(({ path }) => path),
    };
    const log = await beginExport(store, manifest, existing);
    return new ChunkedExport(request, info, levels, dataset, manifest, log);
  }

  /** Whether some of it may be there already. */
  get isResumed(): boolean {
    return this.#request.existing === "resume" || this.#request.existing === "repair";
  }

  /** How a level is laid out. */
  layout(level: number): DatasetLevel {
    return this.#filesOf(level).level;
  }

  /** Whether a file need not be written. */
  has(level: number, at: Triple): Promise<boolean> {
    const files = this.#filesOf(level);
    if (this.#request.existing !== "repair") return files.has(at);
    if (files.logged(at)?.filled?.includes("failed")) return Promise.resolve(false);
    return files.isWhole(at);
  }

  /** Stores the voxels of a file. */
  write(level: number, at: Triple, block: VolumeBlock, pack: Pack): Promise<void> {
    return this.#filesOf(level).write(at, block, pack);
  }

  /**
   * A level is complete: computes those after it, or waits for those that come from the server. With the last one the
   * export is complete.
   */
  async finishLevel(level: number, pack: Pack, signal: AbortSignal): Promise<void> {
    const missing = this.#missingFiles(level);
    if (missing > 0) {
      throw new InvalidOutError(
        `level ${level} of ${this.levels[level]?.shape.join(" × ")} voxels is not complete: ${missing} files are left`,
      );
    }
    if (typeof this.#request.levels === "number") await this.#computeLevels(pack, signal);
    else if (this.levels.some((_, other) => this.#missingFiles(other) > 0)) return;
    await this.#finish();
  }

  /** Gives the store up; what is in it stays, and another run can go on. */
  async abort(): Promise<void> {
    await this.#request.store.discard?.();
  }

  async #computeLevels(pack: Pack, signal: AbortSignal): Promise<void> {
    const { dataType, orientation, isLabels } = this.info;
    for (let level = 1; level < this.levels.length; level++) {
      const step = stepBetween(this.#levelOf(level - 1), this.#levelOf(level));
      const [finer, coarser] = [this.#filesOf(level - 1), this.#filesOf(level)];
      const has = (at: Triple): Promise<boolean> => this.has(level, at);
      await buildLevel({ finer, coarser, has, step, dataType, orientation, isLabels, pack, signal });
    }
  }

  async #finish(): Promise<void> {
    const { store } = this.#request;
    for (const { path, bytes } of this.#dataset.metadata(this.#fills())) {
      await storeFile(store, this.#log, path, bytes);
    }
    await this.#log.complete();
    await putManifest(store, { ...this.#manifest, complete: true });
    await store.close?.();
  }

  #fills(): Readonly<Record<string, number>> {
    const fills = new Map<string, number>();
    const files = this.#filesOf(0);
    for (const at of unitsOf(files.level)) {
      for (const cause of files.logged(at)?.filled ?? []) fills.set(cause, (fills.get(cause) ?? 0) + 1);
    }
    return Object.fromEntries([...fills].sort());
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
    return this.levels[level] as LevelInfo;
  }
}
