/** The functions that the page offers to the benchmark that drives it. */

import type * as Library from "../../../src/index.js";
import type { Measurement } from "../alternate.js";
import type { BenchCheck } from "../bench-case.js";
import { inexact } from "../inexact.js";
import { fetchByCanvas } from "./canvas-fetch.js";
import type { BrowserDecoder, DecodeOrder } from "./decode-worker.page.js";

/** A region to fetch in the page. */
export interface PageTask {
  readonly info: object;
  readonly roi: Library.Roi;
  readonly threads: number;
  readonly by: "ours" | "canvas";
}

/** The page's functions, for `page.evaluate`. */
export interface BenchPage {
  /** Distributes files among new workers, one at a time in turn. */
  load(urls: readonly string[], type: string, side: number, workers: number): Promise<void>;
  /** Lets all workers decode their files `passes` times. */
  decode(decoder: BrowserDecoder, passes: number): Promise<Measurement>;
  /** Says how the last pictures of a decoder differ from ours. */
  judge(decoder: BrowserDecoder): Promise<BenchCheck>;
  /** Fetches a region. */
  fetchRegion(task: PageTask): Promise<Measurement>;
}

declare const CatmaidImage: typeof Library;

let workers: Worker[] = [];
const pictures = new Map<BrowserDecoder, readonly Uint8Array[]>();

const page: BenchPage = {
  async load(urls, type, side, count) {
    for (const worker of workers) worker.terminate();
    const files = await Promise.all(
      urls.map(async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer())),
    );
    workers = Array.from({ length: count }, () => new Worker("/decode-worker.page.js"));
    await Promise.all(
      workers.map((worker, n) => ask(worker, { files: files.filter((_, i) => i % count === n), type, side })),
    );
  },

  async decode(decoder, passes) {
    const start = performance.now();
    const shares = await Promise.all(workers.map((worker) => ask(worker, { decoder, passes })));
    const wallMs = performance.now() - start;
    const count = shares.reduce((sum, share) => sum + share.length, 0);
    const greys = Array.from(
      { length: count },
      (_, i) => shares[i % shares.length]?.[Math.floor(i / shares.length)] ?? new Uint8Array(0),
    );
    pictures.set(decoder, greys);
    return { wallMs, sha256: await sha256(greys) };
  },

  async judge(decoder) {
    return inexact(pictures.get(decoder) ?? [], pictures.get("ours") ?? []);
  },

  async fetchRegion({ info, roi, threads, by }) {
    const start = performance.now();
    if (by === "canvas") {
      const data = await fetchByCanvas(info, roi, threads);
      return { wallMs: performance.now() - start, sha256: await sha256([data]) };
    }
    const fetcher = CatmaidImage.ThreadedImageFetcher.fromStackInfo(info, { threads });
    const { data } = await fetcher.getScaledSpace(roi);
    const wallMs = performance.now() - start;
    await fetcher.close();
    return { wallMs, sha256: await sha256([data as Uint8Array]) };
  },
};
Object.assign(window, { bench: page });

function ask(worker: Worker, order: DecodeOrder): Promise<readonly Uint8Array[]> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<readonly Uint8Array[]>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(order);
  });
}

async function sha256(parts: readonly Uint8Array[]): Promise<string> {
  const whole = new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
