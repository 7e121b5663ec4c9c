import { transfer } from "comlink";
import { prepareDecoders } from "./decode-tile.js";
import { HandedBack } from "./handed-back.js";
import type { TileWorkerApi } from "./protocol.js";
import { runTileJob } from "./run-tile-job.js";

/** What a tile worker exposes. Decoders are prepared at once, while the first tile is still on its way. */
export function createTileWorkerService(): TileWorkerApi {
  // Every job awaits it, and hears of a failure; nobody may have come yet.
  prepareDecoders().catch(() => {});
  const underWay = new Map<number, AbortController>();
  return {
    ready: async () => true,
    async run(id, job) {
      const controller = new AbortController();
      underWay.set(id, controller);
      try {
        const result = await runTileJob(job, controller.signal);
        if (result.kind !== "tile" || controller.signal.aborted) return result;
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
