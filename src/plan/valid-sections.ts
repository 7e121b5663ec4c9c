/** Finds the nearest sections of a stack that are not broken. */
export class ValidSections {
  readonly #depth: number;
  readonly #runStart: ReadonlyMap<number, number>;
  readonly #runEnd: ReadonlyMap<number, number>;

  /**
   * @param broken - Broken sections.
   * @param depth - Sections of the stack.
   */
  constructor(broken: ReadonlySet<number>, depth: number) {
    this.#depth = depth;
    // Runs of broken sections may be long: walking along them for each section would take quadratic time.
    const ascending = [...broken].sort((a, b) => a - b);
    const runStart = new Map<number, number>();
    for (const section of ascending) runStart.set(section, runStart.get(section - 1) ?? section);
    const runEnd = new Map<number, number>();
    for (const section of ascending.reverse()) runEnd.set(section, runEnd.get(section + 1) ?? section);
    this.#runStart = runStart;
    this.#runEnd = runEnd;
  }

  /** The nearest valid section of lower z; `undefined` if there is none. */
  above(section: number): number | undefined {
    const next = Math.min(section, this.#depth) - 1;
    const valid = (this.#runStart.get(next) ?? next + 1) - 1;
    return valid >= 0 ? valid : undefined;
  }

  /** The nearest valid section of higher z; `undefined` if there is none. */
  below(section: number): number | undefined {
    const next = Math.max(section, -1) + 1;
    const valid = (this.#runEnd.get(next) ?? next - 1) + 1;
    return valid < this.#depth ? valid : undefined;
  }
}
