import { writeFileSync } from "node:fs";
import type { BenchCase, BenchResult } from "./bench-case.js";
import { BenchContext } from "./bench-context.js";
import { blockCases } from "./blocks/block-cases.js";
import { browserCases } from "./browser/browser-cases.js";
import { parseCommandLine } from "./command-line.js";
import { decodeCases } from "./decode/decode-cases.js";
import { segmentationCase } from "./decode/segmentation-case.js";
import { exportCases } from "./export/export-cases.js";
import { fetchCases } from "./fetch/fetch-cases.js";
import { scalingCases } from "./fetch/scaling-cases.js";
import { goalTable } from "./goals.js";
import { describeMachine, loadNow } from "./machine.js";
import { projectPath } from "./places.js";
import { figure, machineList, resultTable } from "./result-table.js";
import { warmMemory } from "./warm-memory.js";

const figuresPath = projectPath("docs/figures.md");
const figuresHead = `# Figures

Written by \`npm run bench -- --publish\`; [performance.md](performance.md) says what is measured, and how.
`;

const options = parseCommandLine(process.argv.slice(2));
const cases = [
  ...decodeCases,
  segmentationCase,
  ...fetchCases,
  ...blockCases,
  ...exportCases,
  ...scalingCases,
  ...browserCases,
].filter(isWanted);
if (options.list) {
  for (const { group, name } of cases) console.log(`${group}: ${name}`);
} else if (cases.length === 0) {
  console.error("No case has all these words in its name; --list shows the names.");
  process.exitCode = 2;
} else {
  process.exitCode = await runAll();
}

function isWanted({ group, name }: BenchCase): boolean {
  const text = `${group}: ${name}`.toLowerCase();
  return options.words.every((word) => text.includes(word.toLowerCase()));
}

/** Runs the cases. Returns the exit code, which is 1 if a result was wrong or a case failed. */
async function runAll(): Promise<number> {
  const startedAt = new Date();
  const loadBefore = loadNow();
  const memory = await warmMemory();
  const context = new BenchContext(options.rounds);
  const results: BenchResult[] = [];
  const failures: string[] = [];
  try {
    for (const { group, name, run } of cases) {
      try {
        const rows = await run(context);
        results.push({ group, name, rows });
        const found = rows.map(({ contender, median, unit }) => `${contender} ${figure(median)} ${unit}`);
        console.error(`${group}: ${name}: ${found.join(", ")}`);
        if (rows.some(({ check }) => check.verdict === "differs")) {
          failures.push(`${group}: ${name}: the results are not equal`);
        }
      } catch (error) {
        failures.push(`${group}: ${name}: ${error instanceof Error ? error.message : error}`);
        console.error(failures.at(-1));
      }
    }
    const machine = await describeMachine(context, startedAt, loadBefore, memory);
    const report = [machineList(machine), goalTable(results), resultTable(results)].join("\n");
    console.log(options.json ? JSON.stringify({ machine, results, failures }, null, 2) : report);
    if (options.publish && failures.length === 0) writeFileSync(figuresPath, `${figuresHead}\n${report}`);
  } finally {
    await context.close();
  }
  for (const failure of failures) console.error(`FAILED ${failure}`);
  return failures.length > 0 ? 1 : 0;
}
