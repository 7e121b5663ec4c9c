import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import workerSource from "virtual:node-tile-worker-source";
import { nodeEndpoint } from "../../workers/node-endpoint.node.js";
import { thrownError } from "../errors.js";
import type { CreateTileWorker, SpawnWorker, WorkerHandle } from "./worker-handle.js";

/** Regions of fewer blocks are done in the calling thread, in about the time in which a thread starts. */
export const fewestBlocksForWorkers = 64;

/** How many threads the machine runs at once. */
export function availableThreads(): number {
  return availableParallelism();
}

/** Advice for the message that no worker could be started. */
export const refusalAdvice =
  "where Node's permission model forbids worker threads, allow them with --allow-worker.";

/** Starts the library's worker thread, or takes the caller's. */
export function spawnWorker(createWorker?: CreateTileWorker): WorkerHandle {
  const worker = createWorker === undefined ? startOwn() : asWorker(createWorker());
  return {
    endpoint: nodeEndpoint(worker),
    onFailure(listener) {
      worker.on("error", (error) => listener(thrownError(error)));
      worker.on("messageerror", (error) => listener(error));
      worker.on("exit", (code) => listener(new Error(`the worker thread ended with code ${code}`)));
    },
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    async terminate() {
      await worker.terminate();
    },
  };
}

/** Node's worker has all decoders from the start, since it is not downloaded. */
export async function loadCompleteWorker(): Promise<SpawnWorker> {
  return spawnWorker;
}

const inherited =
  /^--(?:max-http-header-size|no-warnings|no-deprecation|trace-warnings|trace-deprecation|trace-uncaught|enable-source-maps)(?:=|$)/;

function startOwn(): Worker {
  return new Worker(workerSource, {
    eval: true,
    name: "catmaid-image",
    // Bodies arrive in buffers outside the heap, which are freed when the young generation is collected. A small young
    // generation makes a worker some 10 MB smaller, at no cost in time.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
    // By default a worker inherits its process's arguments. It refuses to start with an argument that names another
    // main program. If `execArgv` is given, it also refuses V8's arguments (--max-old-space-size), which hold for the
    // whole process anyway.
    execArgv: process.execArgv.filter((argument) => inherited.test(argument)),
  });
}

function asWorker(value: unknown): Worker {
  const { on, terminate } = (value ?? {}) as Partial<Worker>;
  if (typeof on === "function" && typeof terminate === "function") return value as Worker;
  throw new TypeError("createWorker must return a Worker of node:worker_threads");
}
