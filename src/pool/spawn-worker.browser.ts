import coreSource from "virtual:tile-worker-source";
import type { Endpoint } from "comlink";
import type { CreateTileWorker, SpawnWorker, WorkerHandle } from "./worker-handle.js";

/** Regions of fewer blocks are done in the calling thread. In a browser none are: that thread draws the page. */
export const fewestBlocksForWorkers = 0;

/** How many threads the machine runs at once, as far as the browser tells. */
export function availableThreads(): number {
  return typeof navigator === "undefined" ? 1 : (navigator.hardwareConcurrency ?? 4);
}

/** Advice for the message that no worker could be started, be it the inlined one or the caller's. */
export const refusalAdvice =
  "pass a createWorker that starts catmaid-image/worker and that the page's Content-Security-Policy allows.";

/**
 * Starts the inlined worker from a `blob:` URL, or takes the caller's. Throws if there is no `Worker`. The inlined
 * worker has the WebAssembly kernels alone, and hands back bodies that need another decoder.
 */
export function spawnWorker(createWorker?: CreateTileWorker): WorkerHandle {
  return handleOf(createWorker === undefined ? startInlined(coreSource) : asWorker(createWorker()));
}

/** Loads the function that starts workers with all decoders, when the first body needs one of those. */
export async function loadCompleteWorker(): Promise<SpawnWorker> {
  const { default: source } = await import("virtual:complete-tile-worker-source");
  return (createWorker) =>
    handleOf(createWorker === undefined ? startInlined(source) : asWorker(createWorker()));
}

function handleOf(worker: Worker): WorkerHandle {
  return {
    endpoint: worker as Endpoint,
    onFailure(listener) {
      worker.addEventListener("error", (event) => {
        // The pool deals with the error; without this, the page's own error handlers would report it as well.
        event.preventDefault();
        listener(new Error(event.message || "the worker could not be loaded"));
      });
      worker.addEventListener("messageerror", () => listener(new Error("a message could not be read")));
    },
    ref() {},
    unref() {},
    async terminate() {
      worker.terminate();
    },
  };
}

function startInlined(source: string): Worker {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new Worker(url, { name: "catmaid-image" });
  } finally {
    // The constructor has resolved the URL already; unless revoked now, the URL would live as long as the page.
    URL.revokeObjectURL(url);
  }
}

function asWorker(value: unknown): Worker {
  // Not by `instanceof`: the worker may come from the parent window of this frame.
  const { addEventListener, terminate } = (value ?? {}) as Partial<Worker>;
  if (typeof addEventListener === "function" && typeof terminate === "function") return value as Worker;
  throw new TypeError("createWorker must return a Worker");
}
