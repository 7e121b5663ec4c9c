import type { Bytes } from "../../space/bytes.js";

/** Files under one root, by path (`"0/zarr.json"`, with `/`): a folder, a bucket, an archive. */
export interface FileStore {
  /** What messages call it: a path. Default: "the store". */
  readonly name?: string;
  /**
   * Stores a file. It appears under its name when it is complete, or not at all, also where the process is killed. One of
   * the same name is replaced.
   */
  put(path: string, bytes: Bytes): Promise<void>;
  /** The bytes of a file; `undefined` where there is none. Absent where the store cannot read: what it holds cannot be resumed. */
  get?(path: string): Promise<Bytes | undefined>;
  /** The length of a file in bytes; `undefined` where there is none. */
  size?(path: string): Promise<number | undefined>;
  /** Adds to the end of a file, which need not be there; what a kill leaves of the last piece is the reader's affair. */
  append?(path: string, bytes: Bytes): Promise<void>;
  /** The names of what is directly under a path that ends in `/`, or `""`: of files, and with a `/` of folders. In no order. */
  list?(folder: string): Promise<readonly string[]>;
  /** Removes a file, or all that is under a path that ends in `/`; nothing where there is none. */
  remove?(path: string): Promise<void>;
  /** Called when all is stored. */
  close?(): Promise<void>;
  /** Called instead where the export fails. What is stored may stay: another run can go on with it. */
  discard?(): Promise<void>;
}
