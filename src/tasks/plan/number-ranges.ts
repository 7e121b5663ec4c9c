import type { NumberRange } from "./export-plan.js";

/** Ascending numbers as ranges, one after the other. */
export class NumberRanges {
  readonly #ranges: [first: number, last: number][] = [];
  /** How many numbers there are. */
  count = 0;

  /** Adds a number above all others. */
  add(number: number): void {
    const last = this.#ranges[this.#ranges.length - 1];
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else this.#ranges.push([number, number]);
    this.count++;
  }

  /** The ranges. */
  get all(): readonly NumberRange[] {
    return this.#ranges;
  }
}

/** Ascending numbers as a person reads them: `"tasks 3, 7-12"`; of many ranges the first ones. */
export function numberRanges(numbers: Iterable<number>): string {
  const ranges = new NumberRanges();
  for (const number of numbers) ranges.add(number);
  return rangesText(ranges.all);
}

const mostShown = 8;

/** The same of ranges. */
export function rangesText(ranges: readonly NumberRange[]): string {
  const shown = ranges
    .slice(0, mostShown)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const more = ranges.length > mostShown ? `, and ${ranges.length - mostShown} ranges more` : "";
  const isOne = ranges.length === 1 && ranges[0]?.[0] === ranges[0]?.[1];
  return `${isOne ? "task" : "tasks"} ${shown.join(", ")}${more}`;
}
