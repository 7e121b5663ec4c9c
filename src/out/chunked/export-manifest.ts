import { InvalidOutError } from "../../errors.js";
import type { FileStore } from "../store/file-store.js";
import { manifestFile } from "../store/manifest-folder.js";
import type { VolumeInfo } from "../volume-writer.js";
import type { ChunkFormat, LevelInfo } from "./chunk-format.js";

/** Describes an export, in a file beside it. */
export interface ExportManifest {
  /** Version of the manifest. */
  readonly version: 1;
  /** Whether the export is complete. */
  readonly complete: boolean;
  /** Parameters of the export, as plain data. A run that resumes it must have the same. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The mirror that the first run asked. A run that resumes the export may use another mirror of the stack. */
  readonly mirror: VolumeInfo["mirror"];
  /** Paths of the metadata files, without which readers do not open the export. */
  readonly metadata: readonly string[];
  /** Hash of the plan whose tasks make the export. Absent if one process makes it. */
  readonly plan?: string;
}

/** All that determines the files of an export. */
export function exportParameters(
  { name, options }: ChunkFormat,
  info: VolumeInfo,
  levels: readonly LevelInfo[],
  areComputed: boolean,
): ExportManifest["parameters"] {
  const { mirror, channel, brokenSliceHandling: handling = "fill", ...volume } = info;
  const parameters = {
    format: name,
    ...options,
    ...volume,
    ...(channel !== "grey" && { channel }),
    // A volume that was fetched with "throw" has no broken section.
    ...(handling !== "fill" && handling !== "throw" && { brokenSliceHandling: handling }),
    levels: levels.map(({ shape }) => shape),
    ...(levels.length > 1 && { levelsFrom: areComputed ? "computed" : "server" }),
  };
  return JSON.parse(json(parameters)) as ExportManifest["parameters"];
}

export async function putManifest(store: FileStore, manifest: ExportManifest): Promise<void> {
  await store.put(manifestFile, new TextEncoder().encode(`${json(manifest, 2)}\n`));
}

/** The manifest of a store, or `undefined` if it has none. Throws an `InvalidOutError` if this version did not write it. */
export async function readManifest(store: FileStore): Promise<ExportManifest | undefined> {
  const bytes = await store.get?.(manifestFile);
  if (bytes === undefined) return undefined;
  let manifest: Partial<ExportManifest> | null = null;
  try {
    manifest = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ExportManifest> | null;
  } catch {
    // Invalid JSON is refused below.
  }
  if (
    manifest?.version === 1 &&
    typeof manifest.parameters === "object" &&
    Array.isArray(manifest.metadata)
  ) {
    return manifest as ExportManifest;
  }
  throw new InvalidOutError(
    `${storeName(store)} has a ${manifestFile} that this version did not write: remove the export, or name another place`,
  );
}

/** Describes each parameter in which two runs differ. Empty if they agree. */
export function differences(before: ExportManifest, now: ExportManifest): readonly string[] {
  const names = new Set([...Object.keys(before.parameters), ...Object.keys(now.parameters)]);
  const shown = ({ parameters }: ExportManifest, name: string): string =>
    JSON.stringify(parameters[name]) ?? "(default)";
  return [...names]
    .filter((name) => shown(before, name) !== shown(now, name))
    .map((name) => `${name} ${shown(before, name)}, not ${shown(now, name)}`);
}

/** Name of a store in messages. */
export function storeName({ name }: FileStore): string {
  return name === undefined ? "the store" : JSON.stringify(name);
}

/** JSON in which bigints are strings of their digits. */
function json(value: unknown, space?: number): string {
  return JSON.stringify(value, (_, entry) => (typeof entry === "bigint" ? String(entry) : entry), space);
}
