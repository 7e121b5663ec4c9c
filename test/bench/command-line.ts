import { parseArgs } from "node:util";

/** The options of the command line. */
export interface BenchOptions {
  /** Words that must all be in the group and the name of a case. */
  readonly words: readonly string[];
  readonly rounds: number | undefined;
  readonly json: boolean;
  readonly publish: boolean;
  readonly list: boolean;
}

const help = `npm run bench -- [--rounds N] [--json] [--list] [WORD…]
npm run bench -- --publish [--rounds N]

Runs the cases whose group and name contain all words, and prints goals and results (Markdown, or JSON with --json).
  --rounds N   recorded rounds of each case, instead of what it takes for a quiet median
  --publish    runs all cases and writes docs/figures.md, if no result was wrong
  --list       prints the names of the cases

Environment
  CATPY_PATH=FOLDER      catpy's source: it takes part
  N5_WASM_PATH=FOLDER    CATMAID's static/libs/n5-wasm: its N5 reader takes part
  NEUROGLANCER_PATH=FOLDER  npm's neuroglancer: its decoder takes part
  BENCH_TILES=FOLDER     PNG or JPEG images of at least 512 × 512 pixels instead of drawn tiles
  BENCH_LIBRARY=FOLDER   the build to measure instead of dist
  BENCH_BASELINE=FOLDER  another build to race it against
  BENCH_NGINX=0          the built-in tile server even if there is nginx
  PYTHON, CHROMIUM_PATH  where these are, if not in the usual places
`;

/** Reads the command line. Ends the process if it asks for help or is invalid. */
export function parseCommandLine(args: readonly string[]): BenchOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rounds: { type: "string" },
        json: { type: "boolean", default: false },
        publish: { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
      throw new Error(`--rounds must be a whole number, got ${values.rounds}`);
    }
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    const { json, list, publish } = values;
    if (publish && (json || list || positionals.length > 0)) {
      throw new Error("--publish takes all cases; give it nothing but --rounds");
    }
    return { words: positionals, rounds, json, list, publish };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`);
    process.exit(2);
  }
}
