import { DecodeFailure, InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { Pack } from "../packing/pack.js";
import type { FileStore } from "../store/file-store.js";
import type { VolumeBlock } from "../volume-writer.js";
import type { ExistingExport } from "./begin-export.js";
import type { DatasetLevel } from "./chunk-format.js";
import { type FileLog, isAsLogged, type LoggedFile } from "./log/file-log.js";
import { storeFile } from "./log/store-file.js";

/** The files of a level, in a store. */
export class LevelFiles {
  readonly level: DatasetLevel;
  readonly #store: FileStore;
  readonly #log: FileLog;

  constructor(level: DatasetLevel, store: FileStore, log: FileLog) {
    this.level = level;
    this.#store = store;
    this.#log = log;
  }

  /** The log's entry of a file, or `undefined` if the file was not stored. */
  logged(at: Triple): LoggedFile | undefined {
    return this.#log.file(this.level.path(at));
  }

  /** Whether a file can stay: it has the logged length, or to repair the logged checksum, and no fill after a failure. */
  async keeps(at: Triple, existing: ExistingExport): Promise<boolean> {
    const file = this.logged(at);
    if (file === undefined) return false;
    if (existing !== "repair") return (await this.#store.size?.(file.path)) === file.bytes;
    if (file.filled?.includes("failed")) return false;
    return isAsLogged(file, await this.#store.get?.(file.path));
  }

  /** Encodes and stores the voxels of a file. `from`: see {@link LoggedFile}. */
  async write(at: Triple, block: VolumeBlock, pack: Pack, from?: number): Promise<void> {
    const bytes = await this.level.encode(at, block, pack);
    const facts = {
      ...(block.filled && { filled: [...block.filled].sort() }),
      ...(from !== undefined && { from }),
    };
    await storeFile(this.#store, this.#log, this.level.path(at), bytes, facts);
    this.level.free?.(bytes);
  }

  /** Reads the voxels of a file. Throws an `InvalidOutError` if the file is missing or has changed since it was stored. */
  async read(at: Triple): Promise<VolumeBlock> {
    const path = this.level.path(at);
    const file = this.#log.file(path);
    const bytes = await this.#store.get?.(path);
    if (file === undefined || bytes === undefined) throw lost(path, "is missing");
    if (!isAsLogged(file, bytes)) throw lost(path, "has changed since it was stored");
    try {
      return await this.level.decode(at, bytes);
    } catch (error) {
      throw error instanceof DecodeFailure ? lost(path, `cannot be decoded (${error.message})`) : error;
    }
  }
}

function lost(path: string, what: string): InvalidOutError {
  return new InvalidOutError(
    `${path} ${what}, and a coarser level is computed from it: existing: "repair" fetches it again`,
  );
}
