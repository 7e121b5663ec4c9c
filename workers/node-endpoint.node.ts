import type { Endpoint } from "comlink";

/** What a `Worker` and a `MessagePort` of `node:worker_threads` have in common. */
interface NodeMessageSource {
  postMessage(message: unknown, transfer?: readonly never[]): void;
  on(event: "message", listener: (data: unknown) => void): unknown;
  off(event: "message", listener: (data: unknown) => void): unknown;
}

/** Makes a DOM event target, as Comlink needs it, of a Node worker or port. */
export function nodeEndpoint(source: NodeMessageSource): Endpoint {
  const attached = new WeakMap<object, (data: unknown) => void>();
  return {
    postMessage(message, transfer) {
      source.postMessage(message, transfer as never[] | undefined);
    },
    addEventListener(_type, listener) {
      const onMessage = (data: unknown): void => {
        const event = { data } as MessageEvent;
        if (typeof listener === "function") listener(event);
        else listener.handleEvent(event);
      };
      attached.set(listener, onMessage);
      source.on("message", onMessage);
    },
    removeEventListener(_type, listener) {
      const onMessage = attached.get(listener);
      if (onMessage === undefined) return;
      attached.delete(listener);
      source.off("message", onMessage);
    },
  };
}
