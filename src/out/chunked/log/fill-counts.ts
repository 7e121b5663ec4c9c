import type { LoggedFile } from "./file-log.js";

/** Counts the files that hold fill, by cause. */
export class FillCounts {
  readonly #counts = new Map<string, number>();

  add(file: Pick<LoggedFile, "filled"> | undefined): void {
    for (const cause of file?.filled ?? []) this.#add(cause, 1);
  }

  /** Adds counts that were made elsewhere. */
  addAll(counts: Readonly<Record<string, number>>): void {
    for (const [cause, count] of Object.entries(counts)) this.#add(cause, count);
  }

  /** The counts, sorted by cause. */
  get byCause(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort());
  }

  #add(cause: string, count: number): void {
    this.#counts.set(cause, (this.#counts.get(cause) ?? 0) + count);
  }
}
