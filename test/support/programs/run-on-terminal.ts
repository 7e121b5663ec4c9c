import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The result of a run: everything that was shown, and the exit code. */
export interface TerminalResult {
  readonly code: number | null;
  readonly shown: string;
}

/** The keys to type when a text is shown for the first time, in order. */
export type Typed = readonly (readonly [shown: RegExp, keys: string])[];

const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

/** Runs the built command line on a terminal (with `script` of util-linux) and answers its questions. */
export async function runOnTerminal(
  words: readonly string[],
  cwd: string,
  typed: Typed,
): Promise<TerminalResult> {
  const { PATH = "", HOME = "" } = process.env;
  const quoted = [process.execPath, cli, ...words].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--flush", "--command", quoted, "/dev/null"], {
    cwd,
    env: { PATH, HOME, TERM: "dumb" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  // Do not wait forever for a question that no pattern matched.
  onTestFinished(() => void child.kill());
  let shown = "";
  const left = [...typed];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    const [pattern, keys = ""] = left[0] ?? [];
    if (pattern?.test(shown)) {
      left.shift();
      child.stdin.write(keys);
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, shown };
}
