/** Those who wait until something of a server holds. */
export class Watchers {
  #waiting: (() => void)[] = [];

  /** Resolves as soon as something holds; looked at now, and with each change. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (holds()) resolve();
        else this.#waiting.push(look);
      };
      look();
    });
  }

  /** Something has changed. */
  changed(): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}
