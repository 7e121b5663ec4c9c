import type { Worker } from "node:worker_threads";
import { onTestFinished } from "vitest";
import type { BlockJob, Packing } from "../../../workers/protocol.js";

interface Message {
  readonly path?: readonly string[];
  readonly argumentList: readonly { readonly value: unknown }[];
}

/** Records which kinds of packing workers get that are started during a test, in order. */
export function packedInWorkers(): Packing["kind"][] {
  const packed: Packing["kind"][] = [];
  const watch = (worker: Worker): void => {
    const post = worker.postMessage.bind(worker);
    worker.postMessage = (message: Message, ...more) => {
      const [, job] = message.path?.[0] === "run" ? message.argumentList : [];
      const { codec } = (job?.value ?? {}) as Partial<BlockJob>;
      if (codec?.kind === "pack") packed.push(codec.packing.kind);
      post(message, ...more);
    };
  };
  process.on("worker", watch);
  onTestFinished(() => void process.off("worker", watch));
  return packed;
}
