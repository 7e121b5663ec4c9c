import type { NumberRange } from "./export-plan.js";

/** Collects ascending numbers as ranges. */
export class NumberRanges {
  readonly #ranges: [first: number, last: number][] = [];
  /** How many numbers there are. */
  count = 0;

  /** Adds a number, which must be above all others. */
  add(number: number): void {
    const last = this.#ranges[this.#ranges.length - 1];
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else this.#ranges.push([number, number]);
    this.count++;
  }

  get all(): readonly NumberRange[] {
    return this.#ranges;
  }
}

const mostShown = 8;

/** Ranges of task numbers as text: `"tasks 3, 7-12"`. Shows only the first ranges if there are many. */
export function rangesText(ranges: readonly NumberRange[]): string {
  const shown = ranges
    .slice(0, mostShown)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const more = ranges.length > mostShown ? `, and ${ranges.length - mostShown} ranges more` : "";
  const isOne = ranges.length === 1 && ranges[0]?.[0] === ranges[0]?.[1];
  return `${isOne ? "task" : "tasks"} ${shown.join(", ")}${more}`;
}
