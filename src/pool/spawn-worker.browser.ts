import source from "virtual:tile-worker-source";
import type { Endpoint } from "comlink";
import type { CreateTileWorker, TileWorkerHandle } from "./tile-worker-handle.js";

/** How many threads the machine runs at once, as far as the browser tells. */
export function availableThreads(): number {
  return typeof navigator === "undefined" ? 1 : (navigator.hardwareConcurrency ?? 4);
}

/** Starts the inlined worker from a `blob:` URL, or takes the caller's. Throws where there is no `Worker`. */
export function spawnWorker(createWorker?: CreateTileWorker): TileWorkerHandle {
  const worker = createWorker === undefined ? startInlined() : asWorker(createWorker());
  return {
    endpoint: worker as Endpoint,
    onFailure(listener) {
      worker.addEventListener("error", (event) => {
        // The pool deals with it; without this, the page's own error handlers would report it as well.
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

function startInlined(): Worker {
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new Worker(url, { name: "catmaid-image" });
  } finally {
    // The constructor has resolved the URL already; what is not revoked now would live as long as the page.
    URL.revokeObjectURL(url);
  }
}

function asWorker(value: unknown): Worker {
  if (value instanceof Worker) return value;
  throw new TypeError("createWorker must return a Worker");
}
