import { InvalidOutError } from "../../errors.js";
import type { FileStore } from "../store/file-store.js";
import { manifestFolder } from "../store/temporary-folder.js";
import type { VolumeInfo } from "../volume-writer.js";
import type { ChunkFormat, LevelInfo } from "./chunk-format.js";

/** What an export is: a file beside it. */
export interface ExportManifest {
  /** Of what is written here. */
  readonly version: 1;
  /** Whether all is there. */
  readonly complete: boolean;
  /** What another run must agree with to go on, as plain data. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The mirror that was asked first: another of the same stack may go on. */
  readonly mirror: VolumeInfo["mirror"];
  /** The files that make it one that readers open. */
  readonly metadata: readonly string[];
  /** The hash of the plan by whose tasks it is made. Absent where one process makes it. */
  readonly plan?: string;
}

const path = `${manifestFolder}export.json`;

/** What decides what the files of an export are. */
export function exportParameters(
  { name, options }: ChunkFormat,
  info: VolumeInfo,
  levels: readonly LevelInfo[],
  areComputed: boolean,
): ExportManifest["parameters"] {
  const { mirror, ...volume } = info;
  const parameters = {
    format: name,
    ...options,
    ...volume,
    levels: levels.map(({ shape }) => shape),
    ...(levels.length > 1 && { levelsFrom: areComputed ? "computed" : "server" }),
  };
  return JSON.parse(json(parameters)) as ExportManifest["parameters"];
}

/** Stores a manifest. */
export async function putManifest(store: FileStore, manifest: ExportManifest): Promise<void> {
  await store.put(path, new TextEncoder().encode(`${json(manifest, 2)}\n`));
}

/** The manifest of a store; `undefined` where there is none. Throws an `InvalidOutError` for what is not one of ours. */
export async function readManifest(store: FileStore): Promise<ExportManifest | undefined> {
  const bytes = await store.get?.(path);
  if (bytes === undefined) return undefined;
  let manifest: Partial<ExportManifest> | null = null;
  try {
    manifest = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ExportManifest> | null;
  } catch {
    // What is no JSON is no manifest either.
  }
  if (
    manifest?.version === 1 &&
    typeof manifest.parameters === "object" &&
    Array.isArray(manifest.metadata)
  ) {
    return manifest as ExportManifest;
  }
  throw new InvalidOutError(
    `${storeName(store)} has a ${path} that this version did not write: remove the export, or name another place`,
  );
}

/** How a run differs from another: its parameters by name. Empty where it does not. */
export function differences(before: ExportManifest, now: ExportManifest): readonly string[] {
  const names = new Set([...Object.keys(before.parameters), ...Object.keys(now.parameters)]);
  const shown = ({ parameters }: ExportManifest, name: string): string =>
    JSON.stringify(parameters[name]) ?? "none";
  return [...names]
    .filter((name) => shown(before, name) !== shown(now, name))
    .map((name) => `${name} ${shown(before, name)}, not ${shown(now, name)}`);
}

/** A store, as messages call it. */
export function storeName({ name }: FileStore): string {
  return name === undefined ? "the store" : JSON.stringify(name);
}

/** Bigints as their digits. */
function json(value: unknown, space?: number): string {
  return JSON.stringify(value, (_, entry) => (typeof entry === "bigint" ? String(entry) : entry), space);
}
