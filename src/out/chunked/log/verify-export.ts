import { InvalidOutError } from "../../../errors.js";
import type { FileStore } from "../../store/file-store.js";
import { readManifest, storeName } from "../export-manifest.js";
import { exportedFiles } from "./exported-files.js";
import { isAsLogged } from "./file-log.js";

/** The result of verifying an export. Paths are sorted. */
export interface ExportCheck {
  /** Parameters of the export, as plain data: format, options, region, stack. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether the export's manifest says that it is complete. */
  readonly complete: boolean;
  /** Number of files that should exist. */
  readonly files: number;
  /** Total length of those files, in bytes. */
  readonly bytes: number;
  /** Files that do not exist. */
  readonly missing: readonly string[];
  /** Files that have changed since they were stored. */
  readonly damaged: readonly string[];
  /** Files with filled voxels, and why these were filled. */
  readonly filled: readonly { readonly path: string; readonly causes: readonly string[] }[];
}

/** Options of {@link verifyExport}. */
export interface VerifyOptions {
  /** Aborts the verification. */
  readonly signal?: AbortSignal;
  /** Called after each file. */
  readonly onProgress?: (progress: {
    readonly files: number;
    readonly bytes: number;
    readonly of: number;
  }) => void;
}

/**
 * Reads all files of an export and compares them with the checksums that were logged when they were stored.
 *
 * @throws InvalidOutError if the store holds no export, or cannot be read.
 */
export async function verifyExport(store: FileStore, options: VerifyOptions = {}): Promise<ExportCheck> {
  const manifest = await readManifest(store);
  if (manifest === undefined || store.get === undefined) {
    throw new InvalidOutError(`${storeName(store)} holds no export that could be verified: name its folder`);
  }
  let of = 0;
  for await (const _ of exportedFiles(store)) of++;
  const metadata = new Set(manifest.metadata);
  const missing: string[] = [];
  const damaged: string[] = [];
  const filled: { path: string; causes: readonly string[] }[] = [];
  let files = 0;
  let length = 0;
  for await (const file of exportedFiles(store)) {
    options.signal?.throwIfAborted();
    const { path, filled: causes } = file;
    const found = await store.get(path);
    if (found === undefined) missing.push(path);
    else if (!isAsLogged(file, found)) damaged.push(path);
    if (causes !== undefined) filled.push({ path, causes });
    metadata.delete(path);
    files++;
    length += file.bytes;
    options.onProgress?.({ files, bytes: length, of });
  }
  // A killed run has not logged the files that it had yet to store; of these, only the metadata files are known.
  missing.push(...metadata);
  const { parameters, complete } = manifest;
  missing.sort();
  damaged.sort();
  filled.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { parameters, complete, files, bytes: length, missing, damaged, filled };
}
