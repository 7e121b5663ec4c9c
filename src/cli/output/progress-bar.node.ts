import type { FetchProgress } from "../../index.js";
import { bytesText, retriesText, timeText } from "./quantity-text.js";
import type { Terminal } from "./terminal.node.js";

/** Time between two updates of the line, in ms. More updates would cost time and not be seen. */
const frameMs = 80;

export type ShownProgress = Pick<FetchProgress, "done" | "planned" | "filled" | "retries" | "bytes">;

/** Shows the progress of a fetch if standard error is a terminal. */
export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #noun: string;
  readonly #start: number = performance.now();
  #drawn = Number.NEGATIVE_INFINITY;

  /** @param noun - Name of the counted things, in the singular. */
  constructor(terminal: Terminal, noun: "tile" | "block" | "level file") {
    this.#terminal = terminal;
    this.#noun = noun;
  }

  /** Time since the bar was made, in ms. */
  get elapsedMs(): number {
    return performance.now() - this.#start;
  }

  /** Shows the progress that `onProgress` got. */
  update(progress: ShownProgress): void {
    const now = performance.now();
    if (!this.#terminal.isWatched || now - this.#drawn < frameMs) return;
    this.#drawn = now;
    this.#terminal.status(progressText(progress, this.#noun, this.elapsedMs, this.#terminal.columns));
  }

  /** Removes the bar. */
  clear(): void {
    this.#terminal.status("");
  }
}

/** The bar as one line that fits into `columns` characters. */
export function progressText(
  progress: ShownProgress,
  noun: string,
  elapsedMs: number,
  columns: number,
): string {
  const { done, planned, filled, retries, bytes } = progress;
  const share = planned === 0 ? 1 : done / planned;
  const parts = [
    `${String(Math.floor(share * 100)).padStart(3)} %`,
    `${done}/${planned} ${noun}s`,
    bytesText(bytes),
  ];
  if (filled > 0) parts.push(`${filled} filled`);
  if (retries > 0) parts.push(retriesText(retries));
  if (elapsedMs >= 1000 && bytes > 0) parts.push(`${bytesText((bytes * 1000) / elapsedMs)}/s`);
  if (share > 0.02 && share < 1) parts.push(`${timeText((elapsedMs * (1 - share)) / share)} left`);
  const text = parts.join("  ");
  const width = Math.min(30, columns - text.length - 4);
  if (width < 8) return text.slice(0, Math.max(0, columns - 1));
  const full = Math.round(width * share);
  return `[${"#".repeat(full)}${"-".repeat(width - full)}] ${text}`;
}
