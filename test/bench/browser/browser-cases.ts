import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import type { Roi } from "../../../src/index.js";
import { decodeJpeg } from "../../../workers/decode/jpeg/decode-jpeg.js";
import { alternate, type Contender, type Measurement, withRatios } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import { mirrorOf, regions } from "../fetch/fetch-cases.js";
import { stackInfo } from "../tiles/bench-stack.js";
import { drawnFor, expectedSha256 } from "../tiles/expected-volume.js";
import { fileKinds } from "../tiles/file-kinds.js";
import type { BenchPage, PageTask } from "./bench.page.js";
import type { BrowserDecoder } from "./decode-worker.page.js";

declare const bench: BenchPage;

const workers = 2;
const passes = 4;
const decoders: readonly BrowserDecoder[] = ["ours", "canvas", "ImageDecoder"];

/** In Chromium: decoding by two workers, and fetching from the server into a volume of the page. */
export const browserCases: readonly BenchCase[] = [
  ...["jpeg-q75", "png-grey"].map((kind) => decodeCase(kind)),
  ...(["jpeg", "png"] as const).map(
    (format): BenchCase => ({
      group: "browser",
      name: `${format.toUpperCase()} 160 tiles, by ${workers} workers`,
      run: (context) => fetchRace(context, format),
    }),
  ),
];

function decodeCase(key: string): BenchCase {
  const kind = fileKinds.find((one) => one.key === key);
  if (kind === undefined) throw new Error(`there are no files of the kind ${key}`);
  const { title, format, extension, side, files } = kind;
  return {
    group: "browser",
    name: `${title}, decoded by ${workers} workers`,
    async run(context) {
      const { page } = await context.page();
      const { origin } = await context.server();
      const names = Array.from({ length: files }, (_, n) => `kinds/${key}/${n}.${extension}`);
      const urls = names.map((name) => `${origin}/${name}`);
      const type = format === "png" ? "image/png" : "image/jpeg";
      await page.evaluate((given) => bench.load(...given), [urls, type, side, workers] as const);
      const folder = join(await context.tiles(), "www");
      const contenders = decoders.map((decoder) => decodeInPage(page, decoder));
      const rows = await alternate(contenders, {
        rounds: context.rounds(15),
        warmUp: 5,
        expected: expectedOf(
          names.map((name) => join(folder, name)),
          side,
        ),
        per: files * passes,
      });
      return withRatios(rows.map(asRate), "ours");
    },
  };
}

function decodeInPage(page: Page, decoder: BrowserDecoder): Contender {
  return {
    name: decoder,
    measure: () => page.evaluate((given) => bench.decode(...given), [decoder, passes] as const),
    ...(decoder !== "ours" && { judge: () => page.evaluate((which) => bench.judge(which), decoder) }),
  };
}

/** Converts ms per tile to tiles per second. */
function asRate(row: BenchRow): BenchRow {
  const rate = (ms: number) => 1000 / ms;
  return { ...row, unit: "tiles/s", median: rate(row.median), samples: row.samples.map(rate) };
}

function expectedOf(paths: readonly string[], side: number): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    const drawn = path.replace(/\.\w+$/, ".u8");
    const limit = { width: side, height: side };
    hash.update(existsSync(drawn) ? readFileSync(drawn) : decodeJpeg(readFileSync(path), limit).data);
  }
  return hash.digest("hex");
}

async function fetchRace(context: BenchContext, format: "jpeg" | "png"): Promise<BenchRow[]> {
  const { page } = await context.page();
  const { origin } = await context.server();
  const mirror = mirrorOf(format);
  const roi = regions.whole as unknown as Roi;
  const task = { info: stackInfo(mirror, origin), roi, threads: workers };
  const contenders = (["ours", "canvas"] as const).map(
    (by): Contender => ({
      name: by,
      measure: (): Promise<Measurement> =>
        page.evaluate((given: PageTask) => bench.fetchRegion(given), { ...task, by }),
      ...(by === "canvas" && { judge: async () => ({ verdict: "inexact" as const }) }),
    }),
  );
  return alternate(contenders, {
    rounds: context.rounds(7),
    warmUp: 2,
    expected: expectedSha256(await context.tiles(), drawnFor(mirror), regions.whole),
  });
}
