import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FetchReport } from "../../src/fetch/fetch-report.js";
import { ImageFetcher } from "../../src/fetcher/image-fetcher.js";
import type * as Library from "../../src/index.js";
import type { ImageFetcherOptions } from "../../src/options/image-fetcher-options.js";
import { encodeGreyPng } from "../support/images/encode-grey-png.js";
import { modelStackInfo } from "../support/model/model-fetcher.js";
import { expectedVolume, modelStack, modelTilePixels } from "../support/model/model-stack.js";
import { launchChromium } from "../support/pages/open-page.js";
import { freePort, startNginx } from "../support/servers/nginx.mjs";
import { sha256 } from "../support/sha-256.js";

const stack = modelStack();
const lower = [0, 0, 0] as const;
const upper = [12, 107, 150] as const; // 12 × 3 × 3 tiles
const expected = expectedVolume(stack, { lower, upper });

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
writeFileSync(join(folder, "page.html"), "<!doctype html><title>page</title>");
const [port, pagePort] = [await freePort(), await freePort()];
const http = `
  access_log off;
  types { image/png png; }
  limit_req_zone $server_port zone=tiles:1m rate=200r/s;
  limit_req_zone $server_port zone=few:1m rate=20r/s;
  server {
    listen 127.0.0.1:${port};
    listen 127.0.0.1:${pagePort};
    location = /page.html { root ${folder}; }
    location /open/ { alias ${folder}/tiles/; add_header Access-Control-Allow-Origin * always; }
    location /plain/ { alias ${folder}/tiles/; }
    location /busy/ { alias ${folder}/tiles/; limit_req zone=tiles burst=4 nodelay; }
    location /strict/ { alias ${folder}/tiles/; limit_req zone=few burst=4 nodelay; }
    location /throttled/ { alias ${folder}/tiles/; limit_req zone=tiles burst=4 nodelay; limit_req_status 429; }
    location /private/ { alias ${folder}/tiles/; auth_basic "tiles"; auth_basic_user_file ${folder}/users; }
    location /slow/ { alias ${folder}/tiles/; limit_rate 2k; }
    location /stuck/ { alias ${folder}/tiles/; limit_rate 100; }
    location /gateway/ { proxy_pass http://127.0.0.1:${await freePort()}/; }
  }
`;

let nginx = await start();
let failed = false;
try {
  await good("plain", {});
  await good("busy", {});
  await good("throttled", {});
  await good("strict", {});
  await good("busy", { maxRequestsPerSecond: 150 }, [], undefined, 0);
  await good("private", { auth: ["me", "pass"] });
  await bad("private", { auth: ["me", "wrong"] }, 401);
  await good("slow", {});
  await bad("stuck", { timeoutMs: 500, retry: { attempts: 2 } }, 0, "timeout");
  await bad("gateway", { retry: { attempts: 3, baseDelayMs: 10 } }, 502);
  await good("gateway", { failover: true, retry: { attempts: 2, baseDelayMs: 10 } }, ["plain"]);
  let restarted = false;
  await good("plain, restarted during the fetch", { maxRequests: 1 }, [], async (done) => {
    if (done < 20 || restarted) return;
    restarted = true;
    await stop();
    await sleep(300);
    nginx = await start();
  });
  await inChromium();
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

/** A page of another origin sees a 502 without CORS headers as it sees any failure of the network. */
async function inChromium(): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${pagePort}/page.html`);
    await page.addScriptTag({ path: "dist/catmaid-image.iife.js" });
    const attempt = (places: readonly string[], options: object) =>
      page.evaluate(fetchInPage, { info: infoOf(places), options, roi: [lower, upper] as const });
    const wanted = await sha256(expected.data as Uint8Array<ArrayBuffer>);
    const plain = await attempt(["open"], {});
    judgeInPage("open", plain.sha256 === wanted, plain);
    const gateway = await attempt(["gateway"], { retry: { attempts: 2 } });
    const asDocumented =
      gateway.code === "tile-fetch" && gateway.reason === "network" && /CORS/.test(gateway.message ?? "");
    judgeInPage("gateway, 502 without CORS headers", asDocumented, gateway);
    const over = await attempt(["gateway", "open"], { failover: true, retry: { attempts: 2 } });
    judgeInPage("gateway, then open", over.sha256 === wanted, over);
  } finally {
    await browser.close();
  }
}

function judgeInPage(place: string, holds: boolean, found: object): void {
  failed ||= !holds;
  console.log(
    `Chromium: ${place}: ${holds ? "as documented" : "NOT AS DOCUMENTED"}: ${JSON.stringify(found)}`,
  );
}

interface PageOutcome {
  readonly sha256?: string;
  readonly retries?: number;
  readonly failovers?: number;
  readonly code?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Runs in the page. */
async function fetchInPage({
  info,
  options,
  roi,
}: {
  readonly info: object;
  readonly options: object;
  readonly roi: Library.Roi;
}): Promise<PageOutcome> {
  const { CatmaidImage } = globalThis as unknown as { CatmaidImage: typeof Library };
  const fetcher = CatmaidImage.ThreadedImageFetcher.fromStackInfo(info, options);
  try {
    const { data, report } = await fetcher.get(roi);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data as Uint8Array<ArrayBuffer>));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return { sha256, retries: report.retries, failovers: report.failovers.length };
  } catch (error) {
    const { code, reason, message } = error as Error & { code: string; reason: string };
    return { code, reason, message };
  } finally {
    await fetcher.close();
  }
}

function fetcherOf(places: readonly string[], options: ImageFetcherOptions): ImageFetcher {
  return ImageFetcher.fromStackInfo(infoOf(places), options);
}

function infoOf(places: readonly string[]): object {
  return modelStackInfo(
    stack,
    places.map((place) => `http://127.0.0.1:${port}/${place}/`),
  );
}

function told({ tiles, retries, failovers }: FetchReport): string {
  return `${tiles.fetched} tiles, ${retries} retries, ${failovers.length} failovers`;
}

function start(): Promise<ChildProcess> {
  return startNginx(folder, http, `http://127.0.0.1:${port}/plain/0/0_0_0.png`);
}

async function stop(): Promise<void> {
  if (nginx.exitCode !== null) return;
  const ended = new Promise((resolve) => nginx.once("exit", resolve));
  nginx.kill("SIGTERM");
  await ended;
}
