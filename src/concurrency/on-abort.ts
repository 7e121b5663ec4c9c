interface Audience {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const audiences = new WeakMap<AbortSignal, Audience>();

/**
 * Calls `callback` when a signal that has not aborted yet does. All callbacks of a signal share one listener: Node
 * warns of a leak from the eleventh listener on, and one signal may well guard hundreds of tiles, or of
 * requests to CATMAID.
 *
 * @returns A function that removes the callback. The listener is removed with the last callback.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const audience = audiences.get(signal) ?? startListening(signal);
  // A wrapper of its own, so that the same function may be registered twice.
  const entry = (): void => callback();
  audience.callbacks.add(entry);
  return () => {
    if (!audience.callbacks.delete(entry) || audience.callbacks.size > 0) return;
    signal.removeEventListener("abort", audience.listener);
    if (audiences.get(signal) === audience) audiences.delete(signal);
  };
}

function startListening(signal: AbortSignal): Audience {
  const callbacks = new Set<() => void>();
  const listener = (): void => {
    audiences.delete(signal);
    for (const callback of [...callbacks]) if (callbacks.has(callback)) callback();
    callbacks.clear();
  };
  const audience: Audience = { callbacks, listener };
  audiences.set(signal, audience);
  signal.addEventListener("abort", listener, { once: true });
  return audience;
}
