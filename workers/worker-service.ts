import { transfer } from "comlink";
import { prepareDecoders } from "./decode/decode-tile.js";
import { HandedBack } from "./handed-back.js";
import type { WorkerApi } from "./protocol.js";
import { runJob } from "./run-job.js";

/** What a tile worker exposes. Decoders are prepared at once, while the first tile is still on its way. */
export function createWorkerService(): WorkerApi {
  // Every job awaits it, and hears of a failure; nobody may have come yet.
  prepareDecoders().catch(() => {});
  const underWay = new Map<number, AbortController>();
  const messagesRead = afterWaitingMessages();
  return {
    ready: async () => true,
    async run(id, job) {
      const controller = new AbortController();
      underWay.set(id, controller);
      try {
        // A cancel may have come while the thread was decoding: then no request is made.
        await messagesRead();
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

/** Makes a function whose promises resolve when the messages that are waiting now have been read. */
function afterWaitingMessages(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(undefined);
    });
}
