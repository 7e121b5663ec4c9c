import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isCatmaidImageError } from "../../errors.js";
import type { DataType, FetchReport, ImageFetcher, ProjectStack } from "../../index.js";
import { readManifest } from "../../out/chunked/export-manifest.js";
import { FileLog } from "../../out/chunked/log/file-log.js";
import type { VolumeWriter } from "../../out/index.node.js";
import {
  type ByteSink,
  ChunkedWriter,
  type FileStore,
  folderStore,
  type LevelProgress,
  zipStore,
} from "../../out/index.node.js";
import { manifestFile } from "../../out/store/manifest-folder.js";
import { streamBytes } from "../input/max-memory.node.js";
import { systemTrouble } from "../output/file-trouble.node.js";
import { isThere } from "../output/output-file.node.js";
import { titleText } from "../output/plain-text.js";
import { ProgressBar } from "../output/progress-bar.node.js";
import { blockNoun, countText } from "../output/quantity-text.js";
import type { Terminal } from "../output/terminal.node.js";
import { ownCommand } from "../shell-command.js";
import { UsageError } from "../usage-error.js";
import { summaryLines } from "./get-summary.node.js";
import type { DatasetTarget } from "./get-target.node.js";
import type { GetRequest } from "./get-to-file.node.js";
import { type ServerLevel, serverLevels } from "./server-levels.node.js";

/** A region, the folder or `.zip` that it goes to, and how to resume the export. */
export interface DatasetRequest extends GetRequest<DatasetTarget> {
  readonly stack: ProjectStack;
  /** The command line that resumes the export. */
  readonly resumeLine: string;
}

/** The result of an export. */
export interface DatasetResult {
  /** The reports of this run, one for each fetched level. */
  readonly reports: readonly FetchReport[];
  /** How many files of earlier runs hold filled voxels. */
  readonly filledBefore: number;
}

/** Fetches the region, and its other levels if they come from the server, writes them and prints a summary. */
export async function fetchToDataset(request: DatasetRequest): Promise<DatasetResult> {
  const { description, fetcher, target, asJson, quiet, context } = request;
  const { output, format, container } = target;
  const { terminal } = context;
  const levels = await levelsOf(request);
  const folder = folderOf(target);
  const isResumed = target.existing === "resume" || target.existing === "repair";
  const filledBefore = isResumed ? await countFilled(folder, target.existing) : 0;
  if (isResumed && !quiet) await warnOfOtherMirror(folder, fetcher, terminal);
  const writer = new ChunkedWriter(storeOf(request, folder), target.chunkFormat, {
    levels: levels?.map(({ info }) => info) ?? (target.layout.levels as number),
    existing: target.existing,
    ...(!quiet && { onLevelProgress: levelBar(terminal) }),
  });
  const start = performance.now();
  const reports: FetchReport[] = [];
  try {
    const { roi, space, zoomLevel } = request.region;
    reports.push(await fetchLevel(request, writer, { roi, roiMode: space, zoomLevel }));
    for (const [index, level] of (levels ?? []).entries()) {
      const options = { roi: level.roi, roiMode: "scaled", zoomLevel: level.zoomLevel } as const;
      reports.push(await fetchLevel(request, writer.level(index + 1), options));
    }
    if (container === "zip") await rm(folder, { recursive: true, force: true });
  } catch (error) {
    const wasRefused =
      error instanceof UsageError || (isCatmaidImageError(error) && error.code === "invalid-out");
    if (!wasRefused && (await isThere(join(folder, manifestFile)))) {
      terminal.note(`what is complete stays in "${folder}"; to go on with it:\n  ${request.resumeLine}`);
    }
    throw systemTrouble("write", folder, error);
  }
  const elapsedMs = performance.now() - start;
  const report = reports[0] as FetchReport;
  const levelCount = levels === undefined ? target.layout.levels : reports.length;
  const summary = { output, format, ...description, levels: levelCount, filledBefore, report, elapsedMs };
  if (asJson) terminal.printJson(summary);
  else if (!quiet) {
    for (const line of summaryLines({ ...request, place: output }, report, elapsedMs)) terminal.print(line);
    const others = (levels ?? []).map(({ zoomLevel }) => zoomLevel);
    if (others.length > 0)
      terminal.print(`levels   also fetched: ${others.map((zoom) => `zoom ${zoom}`).join(", ")}`);
    if (filledBefore > 0)
      terminal.print(`before   filled voxels in ${countText(filledBefore, "file")} of an earlier run`);
    if (container === "folder") terminal.print(`check    ${ownCommand("verify", output)}`);
  }
  return { reports, filledBefore };
}

/** Counts the files with filled voxels that this run keeps, as its reports do not include them. */
async function countFilled(folder: string, existing: DatasetTarget["existing"]): Promise<number> {
  const { files } = await FileLog.read(folderStore(folder));
  // A repair fetches files with failed blocks again.
  const stays = (causes: readonly string[] = []): boolean =>
    causes.length > 0 && (existing === "resume" || !causes.includes("failed"));
  return files.filter(({ filled }) => stays(filled)).length;
}

/** Mirrors of a stack may differ, so an export from two of them may have seams. */
async function warnOfOtherMirror(
  folder: string,
  { mirror }: ImageFetcher<DataType>,
  terminal: Terminal,
): Promise<void> {
  const before = (await readManifest(folderStore(folder)))?.mirror;
  if (before === undefined || before.position === mirror.position) return;
  terminal.warn(
    `"${folder}" was begun from mirror ${before.position} (${titleText(before.title)}), and this run fetches from mirror ` +
      `${mirror.position} (${titleText(mirror.title)}), whose voxels may differ: --mirror ${before.position} goes on with that mirror`,
  );
}

/** The levels that are fetched besides the region; `undefined` if levels are computed. */
async function levelsOf({
  fetcher,
  stack,
  region,
  description,
  target,
  context,
}: DatasetRequest): Promise<readonly ServerLevel[] | undefined> {
  if (target.layout.levels !== "server") return undefined;
  const { signal, terminal } = context;
  const { levels } = await fetcher.describeMirror(fetcher.mirror, { signal });
  const orientation = description.axes.join("") as Parameters<typeof serverLevels>[1];
  const found = serverLevels(region, orientation, stack, levels);
  for (const sentence of found.leftOut) terminal.warn(sentence);
  return found.levels;
}

/** The folder where files are collected. */
function folderOf({ output, container }: DatasetTarget): string {
  return container === "zip" ? `${output}.parts` : output;
}

function storeOf({ target, sinks }: DatasetRequest, folder: string): FileStore {
  const store = folderStore(folder);
  if (target.container !== "zip") return store;
  let archive: Promise<ByteSink> | undefined;
  const sink: ByteSink = {
    write: async (position, bytes) => {
      archive ??= sinks.files.open(target.output);
      await (await archive).write(position, bytes);
    },
    // Puts the archive in its place before the store removes the collected files.
    close: () => sinks.files.commit(),
  };
  return zipStore(sink, store as Parameters<typeof zipStore>[1]);
}

async function fetchLevel(
  { fetcher, target, quiet, context, tileError }: DatasetRequest,
  out: VolumeWriter,
  {
    roi,
    ...place
  }: Pick<ServerLevel, "roi"> & {
    readonly roiMode: "stack" | "scaled" | "project";
    readonly zoomLevel: number;
  },
): Promise<FetchReport> {
  const bar = new ProgressBar(context.terminal, blockNoun(fetcher.mirror));
  const options = {
    ...place,
    ...tileError,
    out,
    maxMemoryBytes: target.maxBytes ?? streamBytes,
    signal: context.signal,
    ...(quiet
      ? {}
      : { onProgress: (progress: Parameters<ProgressBar["update"]>[0]) => bar.update(progress) }),
  };
  try {
    return (await fetcher.get(roi, options)).report;
  } finally {
    bar.clear();
  }
}

/** Shows the progress of computed levels. */
function levelBar(terminal: Terminal): (progress: LevelProgress) => void {
  let bar: ProgressBar | undefined;
  return ({ files, of, bytes }) => {
    bar ??= new ProgressBar(terminal, "level file");
    bar.update({ done: files, planned: of, bytes, filled: 0, retries: 0 });
  };
}
