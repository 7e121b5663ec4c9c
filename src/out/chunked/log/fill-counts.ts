import type { LoggedFile } from "./file-log.js";

/** How many files hold fill, by the cause. */
export class FillCounts {
  readonly #counts = new Map<string, number>();

  /** Counts a file. */
  add(file: Pick<LoggedFile, "filled"> | undefined): void {
    for (const cause of file?.filled ?? []) this.#add(cause, 1);
  }

  /** Counts those that were counted elsewhere. */
  addAll(counts: Readonly<Record<string, number>>): void {
    for (const [cause, count] of Object.entries(counts)) this.#add(cause, count);
  }

  /** The numbers, sorted by the cause. */
  get byCause(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort());
  }

  #add(cause: string, count: number): void {
    this.#counts.set(cause, (this.#counts.get(cause) ?? 0) + count);
  }
}
