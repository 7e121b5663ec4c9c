import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A server in a process of its own. */
export interface ServedProcess {
  /** Its URL, with a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the sample server of a package's command line on a free port. */
export function startCommandLineServer(cli: string): Promise<ServedProcess> {
  return serving([cli, "serve", "--json"], /"(http:[^"]+)"/);
}

/** Starts the demo on a free port, as `npm run demo` serves it; `args` are its options. */
export function startDemo(args: readonly string[]): Promise<ServedProcess> {
  const script = fileURLToPath(new URL("../../../demo/serve.mjs", import.meta.url));
  return serving([script, "--port", "0", ...args], /Demo:\s+(\S+)/);
}

/** Runs a server with Node. `pattern` matches what it prints of its URL. */
async function serving(args: readonly string[], pattern: RegExp): Promise<ServedProcess> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const found = pattern.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on("close", (code) => reject(new Error(`${args[0]} ended with ${code}: ${text}`)));
  });
  return {
    url,
    async close() {
      child.kill();
      await ended;
    },
  };
}
