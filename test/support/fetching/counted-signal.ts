/** An abort signal that counts its listeners. */
export class CountedSignal {
  readonly #controller = new AbortController();
  readonly #listening = new Set<unknown>();

  constructor() {
    const { signal } = this.#controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (
      type: string,
      listener: EventListener,
      options?: AddEventListenerOptions,
    ): void => {
      this.#listening.add(listener);
      add(type, listener, options);
    };
    signal.removeEventListener = (type: string, listener: EventListener): void => {
      this.#listening.delete(listener);
      remove(type, listener);
    };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get listeners(): number {
    return this.#listening.size;
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }
}
