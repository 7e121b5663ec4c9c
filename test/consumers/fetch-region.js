/**
 * What each consumer runs: it fetches regions of several stacks in the ways that a bundler could break. This file is copied into
 * the consumers, and is JavaScript because not all of them read TypeScript.
 */
import { ImageFetcher, ThreadedImageFetcher } from "catmaid-image";
import { MemoryByteSink, RawWriter } from "catmaid-image/out";

/**
 * @param task - `stacks`: a `stackInfo` and a `roi` by name; and what the platform has: its class of `Worker`, its `crypto`.
 * @param options - more options for the fetchers with workers
 */
export async function fetchRegions({ stacks, Worker, crypto = globalThis.crypto }, options = {}) {
  const sha256 = async (voxels) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", voxels));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const warnings = [];
  const onWarning = (message) => warnings.push(message);
  const counted = countBlocksOfWorkers(Worker);

  const regions = {};
  for (const [name, { stackInfo, roi }] of Object.entries(stacks)) {
    const before = counted.blocks;
    const threaded = ThreadedImageFetcher.fromStackInfo(stackInfo, { threads: 2, onWarning, ...options });
    const { data, shape } = await threaded.get(roi);
    await threaded.close();

    const inProcess = ImageFetcher.fromStackInfo(stackInfo, { onWarning });
    const sink = new MemoryByteSink();
    await inProcess.get(roi, { out: new RawWriter(sink) });

    // Only now: the library hears of the last block before this file does.
    const ofWorkers = counted.blocks - before;
    regions[name] = { shape, threaded: await sha256(data), inProcess: await sha256(sink.bytes), ofWorkers };
  }
  return { regions, warnings };
}

/** Counts the blocks that come back from workers, whoever starts them: of a page, or of `node:worker_threads`. */
function countBlocksOfWorkers({ prototype }) {
  const counted = { blocks: 0 };
  const heard = new WeakSet();
  const { postMessage } = prototype;
  prototype.postMessage = function (...args) {
    if (!heard.has(this)) {
      heard.add(this);
      const onMessage = (message) => {
        const { value } = message.data ?? message;
        // Metadata and indexes are bytes that nothing decodes.
        if (value?.kind === "block" && value.decoder !== "none") counted.blocks += 1;
      };
      if ("addEventListener" in this) this.addEventListener("message", onMessage);
      else this.on("message", onMessage);
    }
    return postMessage.apply(this, args);
  };
  return counted;
}
