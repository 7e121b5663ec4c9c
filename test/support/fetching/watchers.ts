/** Callers that wait for a condition of a server. */
export class Watchers {
  #waiting: (() => void)[] = [];

  /** Resolves once a condition holds. It is checked now and at each change. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (holds()) resolve();
        else this.#waiting.push(look);
      };
      look();
    });
  }

  /** Call it at each change. */
  changed(): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}
