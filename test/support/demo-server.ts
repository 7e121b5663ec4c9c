import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The demo as `npm run demo` serves it. */
export interface DemoServer {
  /** The URL of its pages, with a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

const script = fileURLToPath(new URL("../../demo/serve.mjs", import.meta.url));

/** Starts the demo on a free port; `args` are its options. */
export async function startDemo(args: readonly string[]): Promise<DemoServer> {
  const child = spawn(process.execPath, [script, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const found = /Demo:\s+(\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on("close", (code) => reject(new Error(`the demo's server ended with ${code}: ${text}`)));
  });
  return {
    url,
    async close() {
      child.kill();
      await ended;
    },
  };
}
