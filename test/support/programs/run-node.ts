import { spawn } from "node:child_process";

/** How a Node process ended. */
export interface NodeRun {
  /** Exit code; null if it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs module code with `node --input-type=module -e`, or node with the given arguments, until it ends by itself. */
export function runNode(
  source: string,
  { args = ["--input-type=module", "-e", source], cwd }: { args?: readonly string[]; cwd?: string } = {},
): Promise<NodeRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
