import type { Bytes } from "../../space/bytes.js";

/** Keeps files by path (`"0/zarr.json"`, with `/`) under one root: in a folder, a bucket or an archive. */
export interface FileStore {
  /** Name of the store in messages, such as its path. Default: "the store". */
  readonly name?: string;
  /**
   * Stores a file, and replaces a file of the same name. The file appears when it is complete or not at all, even if the
   * process is killed.
   */
  put(path: string, bytes: Bytes): Promise<void>;
  /** The bytes of a file, or `undefined` if it does not exist. Absent if the store cannot read, so nothing can be resumed. */
  get?(path: string): Promise<Bytes | undefined>;
  /** The length of a file in bytes, or `undefined` if it does not exist. */
  size?(path: string): Promise<number | undefined>;
  /** Adds bytes to the end of a file, which need not exist. If the process is killed, a part of them may be added. */
  append?(path: string, bytes: Bytes): Promise<void>;
  /** Names of the files and folders directly under a path that ends in `/`, or under `""`. Folders end in `/`. Unordered. */
  list?(folder: string): Promise<readonly string[]>;
  /** Removes a file, or the whole folder if the path ends in `/`. Does nothing if it does not exist. */
  remove?(path: string): Promise<void>;
  /** Called when the export is complete. */
  close?(): Promise<void>;
  /** Called instead of `close` if the export fails. Files may stay, so that another run can resume the export. */
  discard?(): Promise<void>;
}
