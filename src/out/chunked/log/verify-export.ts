import { InvalidOutError } from "../../../errors.js";
import type { FileStore } from "../../store/file-store.js";
import { xxh32 } from "../../xxh32.js";
import { readManifest, storeName } from "../export-manifest.js";
import { exportedFiles } from "./exported-files.js";

/** What an export was found to be. Paths are sorted. */
export interface ExportCheck {
  /** Its parameters: format, options, region, stack; as plain data. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether the run that made it said that all is there. */
  readonly complete: boolean;
  /** Number of files that were to be there. */
  readonly files: number;
  /** Their length in all, in bytes. */
  readonly bytes: number;
  /** Those that are not there. */
  readonly missing: readonly string[];
  /** Those that are not what was stored. */
  readonly damaged: readonly string[];
  /** Those with voxels that hold the fill value, and why. */
  readonly filled: readonly { readonly path: string; readonly causes: readonly string[] }[];
}

/** What {@link verifyExport} is told. */
export interface VerifyOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Called after each file. */
  readonly onProgress?: (progress: {
    readonly files: number;
    readonly bytes: number;
    readonly of: number;
  }) => void;
}

/**
 * Reads all files of an export again and compares them with the checksums of when they were stored.
 *
 * @throws InvalidOutError where there is no export.
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
  for await (const { path, bytes, xxh32: checksum, filled: causes } of exportedFiles(store)) {
    options.signal?.throwIfAborted();
    const found = await store.get(path);
    if (found === undefined) missing.push(path);
    else if (found.length !== bytes || xxh32(found) !== checksum) damaged.push(path);
    if (causes !== undefined) filled.push({ path, causes });
    metadata.delete(path);
    files++;
    length += bytes;
    options.onProgress?.({ files, bytes: length, of });
  }
  // Those that a killed run had still to store are not in the log, but these are known of.
  missing.push(...metadata);
  const { parameters, complete } = manifest;
  missing.sort();
  damaged.sort();
  filled.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { parameters, complete, files, bytes: length, missing, damaged, filled };
}
