import { transfer } from "comlink";
import { afterOthers } from "../src/concurrency/after-others.js";
import { prepareDecoders } from "./decode/decode-tile.js";
import { HandedBack } from "./handed-back.js";
import type { WorkerApi } from "./protocol.js";
import { runJob } from "./run-job.js";

/** The service that a tile worker exposes. Decoders are prepared at once, while the first tile is still on its way. */
export function createWorkerService(): WorkerApi {
  // Every job awaits the decoders and reports a failure. At this point there may be no job yet.
  prepareDecoders().catch(() => {});
  const underWay = new Map<number, AbortController>();
  return {
    ready: async () => true,
    async run(id, job) {
      const controller = new AbortController();
      underWay.set(id, controller);
      try {
        // A cancel may have arrived while the thread was decoding. Then no request is made.
        await new Promise<void>((resolve) => afterOthers(resolve));
        const result = await runJob(job, controller);
        if (result.kind !== "block" || controller.signal.aborted) return result;
        return transfer(result, [result.data.buffer as ArrayBuffer]);
      } catch (cause) {
        if (!(cause instanceof HandedBack)) throw cause;
        return { kind: "handed-back", body: cause.body };
      } finally {
        underWay.delete(id);
      }
    },
    cancel(id) {
      underWay.get(id)?.abort();
    },
  };
}
