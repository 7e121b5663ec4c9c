import { spawn } from "node:child_process";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The engines whose scripts run in a shell. */
export type ShellEngineName = "slurm" | "lsf" | "pbs" | "sge";

/** A job that the fake engine ran. */
export interface FakeJob {
  readonly id: number;
  readonly words: readonly string[];
  /** Its array, as given to the engine. */
  readonly range?: string;
  /** The most elements that may run at once. */
  readonly most?: number;
  /** The job that it waits for. */
  readonly after?: string;
  /** Exit codes of the elements; −1 if the job before had failed. */
  readonly codes: readonly number[];
  readonly runs: readonly { readonly index?: number; readonly status: number; readonly output: string }[];
}

/** Runs a submit script with a fake engine in a new folder. Returns the jobs that the engine ran. */
export async function submitToFake(
  engine: ShellEngineName,
  script: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string; readonly jobs: readonly FakeJob[] }> {
  await mkdir(join(folder, "bin"), { recursive: true });
  const program = fileURLToPath(new URL("fake-scheduler.mjs", import.meta.url));
  for (const name of ["sbatch", "scontrol", "bsub", "qsub"])
    await symlink(program, join(folder, "bin", name));
  const { PATH = "" } = process.env;
  const child = spawn("bash", ["-s"], {
    cwd: folder,
    env: {
      HOME: folder,
      ...env,
      PATH: `${join(folder, "bin")}:${PATH}`,
      FAKE_SCHEDULER: folder,
      FAKE_ENGINE: engine,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  child.stdin.end(script);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const lines = await readFile(join(folder, "jobs.ndjson"), "utf8").catch(() => "");
  const jobs = lines
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as FakeJob);
  return { code, output, jobs };
}
