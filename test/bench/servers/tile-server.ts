import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, nginxConfiguration } from "../../support/servers/nginx.mjs";
import { programPath } from "../places.js";

/** A server in a process of its own. */
export interface BenchServer {
  /** Name and version of the server. */
  readonly title: string;
  /** Its origin, such as `http://127.0.0.1:8080`. */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Serves `www` in the folder, with nginx if there is one, otherwise with a server of our own. Every path under `/same/`
 * is the tile `same.png`. Browsers may not cache anything.
 */
export async function startTileServer(folder: string): Promise<BenchServer> {
  const port = await freePort();
  const www = join(folder, "www");
  const version = process.env["BENCH_NGINX"] === "0" ? undefined : nginxVersion();
  if (version === undefined) {
    return started(`built-in, Node ${process.version}`, port, "static-server.process.mjs", [www]);
  }
  const state = join(folder, "nginx");
  mkdirSync(state, { recursive: true });
  const file = join(state, "nginx.conf");
  writeFileSync(file, nginxConfiguration(state, httpOf(www, port)));
  return listening(`nginx ${version}`, port, spawn("nginx", ["-c", file, "-e", join(state, "error.log")]));
}

/** A server in front of another one. It delays everything by half of `latencyMs` in each direction. */
export async function startDelay(of: BenchServer, latencyMs: number): Promise<BenchServer> {
  const port = await freePort();
  const target = new URL(of.origin).port;
  return started(`+ ${latencyMs} ms`, port, "delay-proxy.process.mjs", [target, String(latencyMs / 2)]);
}

function started(
  title: string,
  port: number,
  program: string,
  args: readonly string[],
): Promise<BenchServer> {
  return listening(title, port, spawn(process.execPath, [programPath(program), String(port), ...args]));
}

async function listening(title: string, port: number, child: ChildProcess): Promise<BenchServer> {
  let complaints = "";
  child.stderr?.on("data", (text) => {
    complaints += String(text);
  });
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 20_000;
  for (;;) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill();
      throw new Error(`the server ${title} does not answer: ${complaints}`);
    }
    try {
      await (await fetch(`${origin}/same/0/0_0_0.png`)).arrayBuffer();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    title,
    origin,
    close: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once("close", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function nginxVersion(): string | undefined {
  const { error, stderr } = spawnSync("nginx", ["-v"], { encoding: "utf8" });
  return error === undefined ? /nginx\/(\S+)/.exec(stderr)?.[1] : undefined;
}

/**
 * What nginx serves. Its buffers are large enough for any tile. Otherwise, nginx sometimes sends part of a tile and the
 * rest 40 ms later: a client delays the acknowledgement of less than a full segment, and on the loopback interface a
 * segment has 64 KiB. Real networks have no such segments.
 */
function httpOf(www: string, port: number): string {
  return `
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
    types { image/png png; image/jpeg jpg; }
    server {
      listen 127.0.0.1:${port} sndbuf=1m;
      root ${www};
      add_header Access-Control-Allow-Origin *;
      add_header Cache-Control no-store;
      location /same/ { rewrite ^ /same.png break; }
    }
  `;
}
