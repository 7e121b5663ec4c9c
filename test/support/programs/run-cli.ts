import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The result of a run of the command line. */
export interface CliResult {
  /** Exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the built command line. */
export interface CliRun {
  readonly process: ChildProcess;
  /** Resolves when the process has ended. */
  readonly result: Promise<CliResult>;
  /** Resolves when standard output has a matching line. Rejects if the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** How a run is started. */
export interface CliSetup {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** A shell command in which `"$0" "$@"` is the run: see {@link redirected}. */
  readonly shell?: string;
}

/** A run with a redirection such as `> out`, `2> /dev/full` or `| true`. Its exit code is still that of the command. */
export function redirected(redirection: string): CliSetup {
  return { shell: `"$0" "$@" ${redirection}` };
}

/** Path of the built command line. */
export const commandLine: string = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

/** Starts the built command line in a process of its own, without this process's credentials or colours. */
export function startCli(words: readonly string[], setup: CliSetup = {}): CliRun {
  const { PATH = "", HOME = "", TMPDIR = "/tmp" } = process.env;
  const { shell } = setup;
  const command = [process.execPath, commandLine, ...words];
  const [file = "", ...args] =
    shell === undefined ? command : ["bash", "-o", "pipefail", "-c", shell, ...command];
  const child = spawn(file, args, {
    ...(setup.cwd === undefined ? {} : { cwd: setup.cwd }),
    env: { PATH, HOME, TMPDIR, ...setup.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let look = (): void => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.end(setup.stdin ?? "");
  const result = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      look = () => {
        const match = pattern.exec(stdout);
        if (match !== null) resolve(match);
      };
      look();
      result.then(({ code }) => reject(new Error(`ended with ${code}: ${stderr}`)), reject);
    });
  return { process: child, result, printed };
}

/** Runs the built command line to its end. */
export function runCli(words: readonly string[], setup: CliSetup = {}): Promise<CliResult> {
  return startCli(words, setup).result;
}
