/**
 * What each consumer runs: it fetches the test region in the ways that a bundler could break. This file is copied into
 * the consumers, and is JavaScript because not all of them read TypeScript.
 */
import { ImageFetcher, ThreadedImageFetcher } from "catmaid-image";
import { MemoryByteSink, RawWriter } from "catmaid-image/out";

/**
 * @param task - `stackInfo`, `roi`, and what the platform has: its class of `Worker`, its `crypto`.
 * @param options - more options for the fetcher with workers
 */
export async function fetchRegion({ stackInfo, roi, Worker, crypto = globalThis.crypto }, options = {}) {
  const sha256 = async (bytes) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const warnings = [];
  const onWarning = (message) => warnings.push(message);
  const tiles = countTilesOfWorkers(Worker);

  const threaded = ThreadedImageFetcher.fromStackInfo(stackInfo, { threads: 2, onWarning, ...options });
  const { data, shape } = await threaded.get(roi);
  await threaded.close();

  const inProcess = ImageFetcher.fromStackInfo(stackInfo, { onWarning });
  const sink = new MemoryByteSink();
  await inProcess.get(roi, { out: new RawWriter(sink) });

  const digests = { threaded: await sha256(data), inProcess: await sha256(sink.bytes) };
  return { shape, ...digests, tilesOfWorkers: tiles.count, warnings };
}

/** Counts the tiles that come back from workers, whoever starts them: of a page, or of `node:worker_threads`. */
function countTilesOfWorkers({ prototype }) {
  const tiles = { count: 0 };
  const heard = new WeakSet();
  const { postMessage } = prototype;
  prototype.postMessage = function (...args) {
    if (!heard.has(this)) {
      heard.add(this);
      const onMessage = (message) => {
        const answer = message.data ?? message;
        if (answer.value?.kind === "block") tiles.count += 1;
      };
      if ("addEventListener" in this) this.addEventListener("message", onMessage);
      else this.on("message", onMessage);
    }
    return postMessage.apply(this, args);
  };
  return tiles;
}
