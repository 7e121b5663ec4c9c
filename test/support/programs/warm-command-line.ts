import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { type CliResult, type CliSetup, commandLine, startCli } from "./run-cli.js";

/** What the process is asked to run. */
interface WarmRun {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
}

let host: ChildProcess | undefined;
/** Output of the process itself during a run: Node's warnings. */
let complaints = "";
let last: Promise<unknown> = Promise.resolve();

afterAll(async () => {
  const ended = host;
  host = undefined;
  if (ended === undefined || ended.exitCode !== null) return;
  ended.kill("SIGKILL");
  await once(ended, "exit");
});

/**
 * Runs the built command line to its end, like `runCli` of `run-cli.ts`, but all runs of a test file share one process
 * that has loaded it: ten times as fast. Tests that depend on the process, its streams or its end need the other
 * `runCli`; runs with a `shell` use it anyway.
 */
export function runCli(words: readonly string[], setup: CliSetup = {}): Promise<CliResult> {
  if (setup.shell !== undefined) return startCli(words, setup).result;
  const run = last.then(() => runWarm(words, setup));
  last = run.catch(() => {});
  return run;
}

async function runWarm(words: readonly string[], { cwd, env, stdin }: CliSetup): Promise<CliResult> {
  host ??= start();
  const { PATH = "", HOME = "", TMPDIR = "/tmp" } = process.env;
  const run: WarmRun = {
    words,
    cwd: cwd ?? process.cwd(),
    env: { PATH, HOME, TMPDIR, ...env },
    stdin: stdin ?? "",
  };
  const answered = once(host, "message");
  const ended = once(host, "exit").then(() => {
    throw new Error(`the command line ended its process: ${words.join(" ")}`);
  });
  ended.catch(() => {});
  host.send(run);
  const [{ code, stdout, stderr }] = (await Promise.race([answered, ended])) as [CliResult];
  const said = complaints;
  complaints = "";
  return { code, stdout, stderr: stderr + said };
}

function start(): ChildProcess {
  const program = fileURLToPath(new URL("warm-command-line.process.mjs", import.meta.url));
  const child = fork(program, [commandLine], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  return child.setMaxListeners(0);
}
