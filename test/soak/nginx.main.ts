import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { ImageFetcherOptions } from "../../src/fetch-options.js";
import type { FetchReport } from "../../src/fetch-report.js";
import { ImageFetcher } from "../../src/image-fetcher.js";
import { encodeGreyPng } from "../support/encode-grey-png.js";
import { modelStackInfo } from "../support/model-fetcher.js";
import { expectedVolume, modelStack, modelTilePixels } from "../support/model-stack.js";

parseArgs({ options: { worker: { type: "string" } } });

const stack = modelStack();
const lower = [0, 0, 0] as const;
const upper = [12, 107, 150] as const; // 12 × 3 × 3 tiles
const expected = expectedVolume(stack, {
  orientation: "zyx",
  handling: "fill",
  zoomLevel: 0,
  fillValue: 0,
  lower,
  upper,
});

const folder = mkdtempSync(join(tmpdir(), "catmaid-image-nginx-"));
for (let depth = 0; depth < 12; depth++) {
  mkdirSync(join(folder, "tiles", String(depth)), { recursive: true });
  for (let row = 0; row < 3; row++)
    for (let col = 0; col < 3; col++) {
      const tile = modelTilePixels(stack, { depth, row, col, zoomLevel: 0 });
      if (tile === undefined) continue;
      const file = join(folder, "tiles", String(depth), `${row}_${col}_0.png`);
      writeFileSync(file, encodeGreyPng(tile.data, tile.width, tile.height));
    }
}
const sha = createHash("sha1").update("pass").digest("base64");
writeFileSync(join(folder, "users"), `me:{SHA}${sha}\n`);
const port = await freePort();
writeFileSync(
  join(folder, "nginx.conf"),
  `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
${process.getuid?.() === 0 ? "user root;" : ""}
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  types { image/png png; }
  limit_req_zone $server_port zone=tiles:1m rate=200r/s;
  server {
    listen 127.0.0.1:${port};
    location /plain/ { alias ${folder}/tiles/; }
    location /busy/ { alias ${folder}/tiles/; limit_req zone=tiles burst=4 nodelay; }
    location /throttled/ { alias ${folder}/tiles/; limit_req zone=tiles burst=4 nodelay; limit_req_status 429; }
    location /private/ { alias ${folder}/tiles/; auth_basic "tiles"; auth_basic_user_file ${folder}/users; }
    location /slow/ { alias ${folder}/tiles/; limit_rate 2k; }
    location /stuck/ { alias ${folder}/tiles/; limit_rate 100; }
    location /gateway/ { proxy_pass http://127.0.0.1:${await freePort()}/; }
  }
}
`,
);

let nginx = await start();
let failed = false;
try {
  await good("plain", {});
  await good("busy", { retry: { attempts: 20 } });
  await good("throttled", { retry: { attempts: 20 } });
  await good("busy", { maxRequestsPerSecond: 150 }, [], undefined, 0);
  await good("private", { auth: ["me", "pass"] });
  await bad("private", { auth: ["me", "wrong"] }, 401);
  await good("slow", {});
  await bad("stuck", { timeoutMs: 500, retry: { attempts: 2 } }, 0, "timeout");
  await bad("gateway", { retry: { attempts: 3, baseDelayMs: 10 } }, 502);
  await good("gateway", { failover: true, retry: { attempts: 2, baseDelayMs: 10 } }, ["plain"]);
  await good("plain, restarted during the fetch", { maxRequests: 1 }, [], async (done) => {
    if (done !== 20) return;
    await stop();
    await sleep(300);
    nginx = await start();
  });
} finally {
  await stop();
  rmSync(folder, { recursive: true });
}
console.log(failed ? "BAD" : "good");
process.exitCode = failed ? 1 : 0;

async function good(
  place: string,
  options: ImageFetcherOptions,
  others: readonly string[] = [],
  onTile: (done: number) => Promise<void> = async () => {},
  mostRetries: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const fetcher = fetcherOf([place.split(",")[0] ?? place, ...others], options);
  const begun = performance.now();
  let meddling = Promise.resolve();
  let outcome: string;
  try {
    const { data, report } = await fetcher.get([lower, upper], {
      onProgress: ({ done }) => {
        meddling = Promise.all([meddling, onTile(done)]).then(() => {});
      },
    });
    const same = Buffer.compare(data, expected.data) === 0;
    failed ||= !same || report.retries > mostRetries;
    outcome = `${same ? "right" : "WRONG VOXELS"}; ${told(report)}`;
  } catch (error) {
    failed = true;
    outcome = `FAILED: ${String(error)}`;
  }
  await meddling;
  await fetcher.close();
  console.log(`${place}: ${outcome}; ${(performance.now() - begun).toFixed(0)} ms`);
}

async function bad(
  place: string,
  options: ImageFetcherOptions,
  status: number,
  reason = "http",
): Promise<void> {
  const fetcher = fetcherOf([place], options);
  const error: unknown = await fetcher.get([lower, upper]).catch((cause: unknown) => cause);
  const { status: got, reason: why } = error as { status?: number; reason?: string };
  const asExpected = got === status && why === reason && !String(error).includes("wrong");
  failed ||= !asExpected;
  console.log(`${place}: ${asExpected ? "refused as it should be" : "NOT AS EXPECTED"}: ${String(error)}`);
  await fetcher.close();
}

function fetcherOf(places: readonly string[], options: ImageFetcherOptions): ImageFetcher {
  const info = modelStackInfo(
    stack,
    places.map((place) => `http://127.0.0.1:${port}/${place}/`),
  );
  return ImageFetcher.fromStackInfo(info, options);
}

function told({ tiles, retries, failovers }: FetchReport): string {
  return `${tiles.fetched} tiles, ${retries} retries, ${failovers.length} failovers`;
}

async function start(): Promise<ChildProcess> {
  const child = spawn("nginx", ["-c", join(folder, "nginx.conf"), "-p", folder], { stdio: "inherit" });
  child.on("error", (error) => console.error(`this test needs nginx: ${error.message}`));
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/plain/0/0_0_0.png`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return child;
    await sleep(50);
  }
  throw new Error("nginx does not answer");
}

async function stop(): Promise<void> {
  const ended = new Promise((resolve) => nginx.once("exit", resolve));
  nginx.kill("SIGTERM");
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}
