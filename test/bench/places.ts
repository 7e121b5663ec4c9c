import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

// All programs of the benchmarks are bundled into temp/bench/build and run from there.
const root = new URL("../../../", import.meta.url);

/** Absolute path of a file, from its path in the project. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** Command of a Python file of the benchmarks that answers lines. */
export function pythonCommand(python: string, path: string): string[] {
  return [python, projectPath("test/bench/answer_lines.py"), projectPath(`test/bench/${path}`)];
}

/** Path of a bundled program of the benchmarks. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The folder for tiles, volumes and the servers' own files. */
export const workFolder: string = projectPath("temp/bench/");

/** The folder for exports: in memory if possible, because all contenders would wait for a slower disk in the same way. */
export const exportFolder: string = existsSync("/dev/shm") ? "/dev/shm" : workFolder;

/** The folder of the build that is measured. */
export const libraryFolder: string = process.env["BENCH_LIBRARY"] ?? projectPath("dist/");

/** URL of a file of a build. */
export function buildUrl(folder: string, name: string): URL {
  return new URL(name, pathToFileURL(folder.endsWith("/") ? folder : `${folder}/`));
}
