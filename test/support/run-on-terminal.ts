import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** What a run left: all that was shown, and its exit code. */
export interface TerminalResult {
  readonly code: number | null;
  readonly shown: string;
}

/** What is typed when something is shown for the first time, in this order. */
export type Typed = readonly (readonly [shown: RegExp, keys: string])[];

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** Runs the built command line on a terminal (of util-linux's `script`), where somebody answers. */
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
  // A question that nobody understood is not waited on for ever.
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
