import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import type { BenchContext } from "./bench-context.js";
import { projectPath } from "./places.js";

/** The machine and the versions of a run. */
export type Machine = Readonly<Record<string, string>>;

/** Describes the machine. Call it at the end of a run, when it is known what took part. */
export async function describeMachine(
  context: BenchContext,
  startedAt: Date,
  loadBefore: string,
  memory: string,
): Promise<Machine> {
  const python = await context.python();
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8")) as { version: string };
  return {
    date: startedAt.toISOString().slice(0, 16).replace("T", " "),
    machine: `${cpus()[0]?.model ?? arch()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    memory,
    system: `${type()} ${release()}`,
    load: `${loadBefore} before, ${loadNow()} after`,
    "catmaid-image": `${version}${commit()}`,
    node: process.version,
    ...(await context.participants()),
    ...(python !== undefined && { python: pythonVersions(python) }),
    ...(process.env["CATPY_PATH"] && { catpy: catpyVersion(process.env["CATPY_PATH"]) }),
    tiles: process.env["BENCH_TILES"] ? "real images" : "drawn by the sample model",
  };
}

/** Average number of processes that wanted to run during the last minute. */
export function loadNow(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function commit(): string {
  const { status, stdout } = spawnSync("git", ["rev-parse", "--short", "HEAD"], {
    cwd: projectPath(""),
    encoding: "utf8",
  });
  return status === 0 ? ` at ${stdout.trim()}` : "";
}

function pythonVersions(python: string): string {
  const program =
    "import sys, numpy, PIL; from PIL import features as f; " +
    "print(sys.version.split()[0], 'NumPy', numpy.__version__, 'Pillow', PIL.__version__, " +
    "'libjpeg-turbo', f.version('libjpeg_turbo'), 'zlib', f.version('zlib'))";
  return spawnSync(python, ["-c", program], { encoding: "utf8" }).stdout.trim();
}

function catpyVersion(folder: string): string {
  const file = join(folder, "catpy/version.py");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return /["'](\d[^"']*)["']/.exec(text)?.[1] ?? "of unknown version";
}
