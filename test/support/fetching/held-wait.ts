/** A wait that the test ends. */
export interface HeldWait {
  readonly done: Promise<void>;
  end(): void;
}

/** Begins a wait that rejects with the signal's reason if the signal aborts first. It leaves no listener behind. */
export function heldWait(signal: AbortSignal): HeldWait {
  let end = (): void => {};
  const done = new Promise<void>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    end = () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  return { done, end };
}
