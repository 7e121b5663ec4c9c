import { stat } from "node:fs/promises";
import { type ExportCheck, type FileStore, folderStore, verifyExport } from "../../out/index.node.js";
import type { Command } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import { fileTrouble } from "../output/file-trouble.node.js";
import { plainText } from "../output/plain-text.js";
import { bytesText, countText } from "../output/quantity-text.js";
import { UsageError } from "../usage-error.js";
import { ZipFile } from "./zip-file.node.js";

export const verifyCommand: Command = {
  name: "verify",
  summary: "compare the files of an export with their checksums",
  help: `Usage: catmaid-image verify PATH [options]

Reads all files of an export, and compares them with the checksums from when they were stored. Lists files that are
missing, are damaged, or hold filled voxels. PATH is a folder or .zip (OME-Zarr, N5, precomputed, PNG series) that get or
export run wrote. To repair it, run that command again with --repair.

  --strict               exit with 3 if any file holds filled voxels
  --json                 print the result as JSON
  -q, --quiet            print nothing but errors
  --help                 print this

Exit codes: 0 complete and undamaged, 1 incomplete or damaged, 2 wrong command line, 3 a file holds filled voxels and
--strict was given, 130 interrupted.

Example:
  catmaid-image verify volume.ome.zarr`,
  options: {
    strict: { type: "boolean" },
    json: { type: "boolean" },
    quiet: { type: "boolean", short: "q" },
  },
  run: async (args, { terminal, signal }) => {
    const [path, ...more] = args.positionals;
    if (path === undefined) throw new UsageError("verify what? Give the folder or the .zip of an export");
    if (more.length > 0) throw new UsageError(`verify takes one export: what is "${more[0]}"?`);
    const store = await openExport(path);
    const check = await verifyExport(store, {
      signal,
      onProgress: ({ files, of, bytes }) => terminal.status(`${files}/${of} files  ${bytesText(bytes)}`),
    }).finally(() => {
      terminal.status("");
      return store instanceof ZipFile ? store.close() : undefined;
    });
    if (args.has("json")) terminal.printJson({ path, isWhole: isWhole(check), ...check });
    else if (!args.has("quiet")) for (const line of linesOf(path, check)) terminal.print(line);
    if (!isWhole(check)) return exitCode.failed;
    return args.has("strict") && check.filled.length > 0 ? exitCode.filled : exitCode.ok;
  },
};

async function openExport(path: string): Promise<FileStore> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? folderStore(path) : await ZipFile.open(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw (error as NodeJS.ErrnoException).code === "ENOENT"
      ? new UsageError(`there is nothing at "${path}": name the folder or the .zip of an export`)
      : fileTrouble("read", path, error);
  }
}

function isWhole({ complete, missing, damaged }: ExportCheck): boolean {
  return complete && missing.length === 0 && damaged.length === 0;
}

function formatOf({ parameters: { format } }: ExportCheck): string {
  return String(format);
}

function linesOf(path: string, check: ExportCheck): string[] {
  const { files, bytes, complete, missing, damaged, filled } = check;
  const verdict = isWhole(check) ? "all is there" : complete ? "not what was stored" : "not complete";
  return [
    `${plainText(path)}: ${plainText(formatOf(check))}, ${countText(files, "file")}, ${bytesText(bytes)}: ${verdict}`,
    ...missing.map((file) => `missing  ${plainText(file)}`),
    ...damaged.map((file) => `damaged  ${plainText(file)}`),
    ...filled.map((file) => `filled   ${plainText(file.path)} (${plainText(file.causes.join(", "))})`),
  ];
}
