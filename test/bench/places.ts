import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

// Every program of the benchmarks is bundled into temp/bench/build, so this is where all of them are.
const root = new URL("../../../", import.meta.url);

/** Path of a file of the project, by its path from the project's root. */
export function projectPath(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** Path of a program of the benchmarks, as it was bundled. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Where tiles, volumes and the servers' own files are. */
export const workFolder: string = projectPath("temp/bench/");

/** Where exports go: a disk of memory where there is one, as all contenders wait for a slower one in the same way. */
export const exportFolder: string = existsSync("/dev/shm") ? "/dev/shm" : workFolder;

/** The folder of the build that is measured. */
export const libraryFolder: string = process.env["BENCH_LIBRARY"] ?? projectPath("dist/");

/** URL of a file of a build. */
export function buildUrl(folder: string, name: string): URL {
  return new URL(name, pathToFileURL(folder.endsWith("/") ? folder : `${folder}/`));
}
