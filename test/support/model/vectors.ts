import { describe, expect, it } from "vitest";
import table from "../../fixtures/vectors/deliberate-differences.json" with { type: "json" };

/** The input that a row was recorded with: these fields, and others that depend on the function. */
export interface VectorInput {
  readonly fn?: string;
  readonly stackInfo?: unknown;
  readonly args?: readonly unknown[];
  readonly orientation?: unknown;
  readonly baseVoxel?: unknown;
  readonly settings?: unknown;
}

/** A row of a file of vectors. */
export interface VectorRow {
  readonly id: string;
  readonly input: VectorInput;
  readonly expected?: unknown;
  readonly throws?: unknown;
  readonly tags?: readonly string[];
}

/** A reason why a row is not matched exactly. */
interface DifferenceRule {
  readonly name: string;
  readonly file: string;
  readonly kind: string;
  readonly why: string;
  readonly when: Readonly<Record<string, string | undefined>>;
}

const rules: readonly DifferenceRule[] = table.rules;

function textOf(row: VectorRow, key: string): string {
  const isOfRow = key === "id" || key === "tags" || key === "expected" || key === "throws";
  const value = isOfRow ? row[key] : (row.input as Readonly<Record<string, unknown>>)[key];
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** The rules of `deliberate-differences.json` that apply to a row. */
export function rulesFor(file: string, row: VectorRow): readonly DifferenceRule[] {
  return rules.filter(
    (rule) =>
      rule.file === file &&
      Object.entries(rule.when).every(([key, pattern]) => new RegExp(pattern ?? "").test(textOf(row, key))),
  );
}

/** How the rows of one function are checked. */
export interface VectorCheck {
  /** Expects that our answer equals the row's. */
  same(row: VectorRow): void | Promise<void>;
  /** Expects an answer of ours that deliberately differs from the row's; by name of the rule. */
  readonly other?: Readonly<Record<string, (row: VectorRow) => void | Promise<void>>>;
}

/**
 * Checks every row of a file: exactly, or as a rule of `deliberate-differences.json` says. A row fails if its function
 * has neither a check nor a rule. A rule fails if it applies to no row.
 */
export function checkVectors(
  file: string,
  rows: readonly VectorRow[],
  checkOf: (row: VectorRow) => VectorCheck | undefined,
): void {
  describe(file, () => {
    const seen = { same: 0, other: 0, none: 0 };
    for (const row of rows) {
      const holding = rulesFor(file, row).filter((rule) => rule.kind !== "part");
      const none = holding.find((rule) => rule.kind === "none");
      if (none !== undefined) {
        seen.none++;
        continue;
      }
      const title =
        holding.length === 0 ? row.id : `${row.id} (${holding.map((rule) => rule.name).join(", ")})`;
      seen[holding.length === 0 ? "same" : "other"]++;
      it(title, async () => {
        const check = checkOf(row);
        if (check === undefined) throw new Error(`${row.id}: no check and no rule`);
        if (holding.length === 0) {
          await check.same(row);
          return;
        }
        const [rule] = holding;
        const others = holding.map(({ name }) => check.other?.[name]).filter((other) => other !== undefined);
        if (others.length === 0) throw new Error(`${row.id}: rule ${rule?.name} has no check`);
        for (const other of others) await other(row);
        const same = async (): Promise<void> => check.same(row);
        await expect(same(), "the rule is not needed: ours equals the recorded answer").rejects.toThrow();
      });
    }
    it("every row is asserted or listed, and every rule is needed", () => {
      expect(seen.same + seen.other + seen.none).toBe(rows.length);
      expect(seen.same).toBeGreaterThan(0);
      for (const rule of rules.filter((candidate) => candidate.file === file)) {
        expect(
          rows.filter((row) => rulesFor(file, row).includes(rule)).map((row) => row.id),
          `rule ${rule.name} holds for no row`,
        ).not.toEqual([]);
      }
    });
  });
}
