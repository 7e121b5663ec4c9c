import { spawn } from "node:child_process";

/** A running `catmaid-image serve`. */
export interface CommandLineServer {
  /** Its URL, with a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the sample server of a package's command line on a free port. */
export async function startCommandLineServer(cli: string): Promise<CommandLineServer> {
  const child = spawn(process.execPath, [cli, "serve", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const found = /"(http:[^"]+)"/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.on("close", (code) => reject(new Error(`the sample server ended with ${code}: ${text}`)));
  });
  return {
    url,
    async close() {
      child.kill();
      await ended;
    },
  };
}
