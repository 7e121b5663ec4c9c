import {
  type DataType,
  type FetchProgress,
  type ImageFetcher,
  type ProjectStack,
  ROIMode,
  type Samples,
} from "../../index.js";
import type { Command, CommandContext } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import type { Arguments } from "../input/arguments.node.js";
import {
  fetcherOptionsOf,
  fetchHelp,
  fetchOptions,
  threadsOf,
  tileErrorOf,
} from "../input/fetch-options.node.js";
import { type PointsFile, readPoints } from "../input/points-file.node.js";
import { openFetcher, readStackInfo, sourceHelp, sourceOptions } from "../input/stack-source.node.js";
import { OutputFiles, writeParts } from "../output/output-file.node.js";
import { plainText, titleText } from "../output/plain-text.js";
import { ProgressBar } from "../output/progress-bar.node.js";
import { blockNoun, bytesText, countText, retriesText, timeText } from "../output/quantity-text.js";
import { blockCountsText, filledLines, labelled, replacedLines } from "../output/report-text.js";
import { samplesCsv } from "../output/samples-csv.node.js";
import { isStandardOutput } from "../output/standard-output.node.js";
import { UsageError } from "../usage-error.js";

export const sampleCommand: Command = {
  name: "sample",
  summary: "look up the voxel at each of many points, such as the nodes of a skeleton",
  help: `Usage: catmaid-image sample STACK --points FILE [--output FILE] [options]

Reads points from a CSV file, and writes its lines with two more columns: the value of the voxel that the point lies in,
and a status. The status is "ok"; or, without a value, "outside" the stack, "missing" on the server, "broken-slice",
"not-held" by the mirror, "short-tile" (the tile ends before the point) or "failed". Each tile or block is fetched once,
however many points lie in it.

The points:
  --points FILE          CSV file with a header. The columns x, y and z may be in any order; other columns are kept.
                         Without a header: three columns of numbers, x, y, z. "-" is standard input
  --space SPACE          unit of the points: project (nanometres; default), stack (voxels of zoom level 0) or scaled
                         (voxels of --zoom)
  --zoom N               zoom level; default 0, full resolution

${fetchHelp}

Output:
  -o, --output FILE      file for the lines; default: standard output, and the summary then goes to standard error
  --overwrite            replace FILE if it exists
  --json                 print the summary as JSON
  -q, --quiet            print only the lines, and errors
  --strict               exit with 3 if any point has no value
  --help                 print this

${sourceHelp}

Exit codes: 0 done, 1 failed, 2 wrong command line or point, 3 a point has no value and --strict was given,
130 interrupted.

Examples:
  catmaid-image sample https://example.org/catmaid/1/stack/2/info --points nodes.csv -o ids.csv
  echo 6000,4000,1200 | catmaid-image sample stack.json --points -`,
  options: {
    ...sourceOptions,
    points: { type: "string" },
    space: { type: "string" },
    zoom: { type: "string" },
    ...fetchOptions,
    output: { type: "string", short: "o" },
    overwrite: { type: "boolean" },
    json: { type: "boolean" },
    quiet: { type: "boolean", short: "q" },
    strict: { type: "boolean" },
  },
  run: async (args, context) => {
    const request = requestOf(args);
    const files = new OutputFiles(args.has("overwrite"));
    try {
      const sink = request.output === undefined ? undefined : await files.open(request.output);
      const file = await readPoints(request.points);
      const source = await readStackInfo(args, context);
      const { fetcher, stack } = openFetcher(source, args, context, fetcherOptionsOf(args), request.threads);
      try {
        if (args.text("mirror") === "fastest") await fetcher.setFastestMirror({ signal: context.signal });
        const { samples, elapsedMs } = await fetchSamples({ fetcher, stack }, file, request, args, context);
        const print = async (part: string): Promise<void> => context.terminal.printBytes(Buffer.from(part));
        const parts = samplesCsv(file, samples);
        if (sink === undefined) for (const part of parts) await print(part);
        else await writeParts(sink, parts);
        await files.commit();
        if (samples.data.length > 0 && samples.report.outside === samples.data.length) {
          context.terminal.warn(
            `no point lies in the stack: are the numbers those of --space ${request.space}? See catmaid-image info`,
          );
        }
        summarize(samples, { fetcher, request, elapsedMs }, args, context);
        return args.has("strict") && samples.mask.includes(0) ? exitCode.filled : exitCode.ok;
      } finally {
        await fetcher.close();
      }
    } finally {
      await files.discard();
    }
  },
};

/** The options that can be read without the stack. */
interface SampleRequest {
  readonly points: string;
  readonly space: ROIMode;
  readonly zoomLevel: number;
  readonly threads: number | undefined;
  /** Path of the file; `undefined` for standard output. */
  readonly output: string | undefined;
}

function requestOf(args: Arguments): SampleRequest {
  const points = args.text("points");
  if (points === undefined) throw new UsageError('which points? Give --points FILE, a CSV file, or "-"');
  if (points === "-" && args.positionals[0] === "-") {
    throw new UsageError("standard input is either the stack info or the points: give one of them as a file");
  }
  const output = args.text("output");
  fetcherOptionsOf(args);
  tileErrorOf(args);
  return {
    points,
    space: args.choice("space", Object.values(ROIMode)) ?? "project",
    zoomLevel: args.whole("zoom", 0, 1000) ?? 0,
    threads: threadsOf(args),
    output: output === undefined || isStandardOutput(output) ? undefined : output,
  };
}

async function fetchSamples(
  { fetcher, stack }: { readonly fetcher: ImageFetcher<DataType>; readonly stack: ProjectStack },
  { points }: PointsFile,
  { space, zoomLevel }: SampleRequest,
  args: Arguments,
  { terminal, signal }: CommandContext,
): Promise<{ readonly samples: Samples<DataType>; readonly elapsedMs: number }> {
  stack.checkZoomLevel(zoomLevel);
  const bar = new ProgressBar(terminal, blockNoun(fetcher.mirror));
  const onProgress = (progress: FetchProgress): void => bar.update(progress);
  const samples = await fetcher
    .sample(points, {
      ...tileErrorOf(args),
      roiMode: space,
      zoomLevel,
      signal,
      ...(args.has("quiet") ? {} : { onProgress }),
    })
    .finally(() => bar.clear());
  return { samples, elapsedMs: bar.elapsedMs };
}

function summarize(
  { data, dataType, zoomLevel, mask, report }: Samples<DataType>,
  about: {
    readonly fetcher: ImageFetcher<DataType>;
    readonly request: SampleRequest;
    readonly elapsedMs: number;
  },
  args: Arguments,
  { terminal }: CommandContext,
): void {
  const { fetcher, request, elapsedMs } = about;
  const { mirror } = fetcher;
  const output = request.output ?? "-";
  const values = mask.reduce((sum, had) => sum + had, 0);
  const summary = { output, points: data.length, values, dataType, zoomLevel, report, elapsedMs };
  const noun = blockNoun(mirror);
  const { retries } = report;
  const lines = [
    `${output === "-" ? "standard output" : plainText(output)}: ${countText(data.length, "point")}, ${values.toLocaleString("en")} with a value (${dataType}), zoom ${zoomLevel}`,
    `mirror   ${mirror.position}  ${titleText(mirror.title)}`,
    `${`${noun}s`.padEnd(9)}${blockCountsText(report)}; ${bytesText(report.bytes)} in ${timeText(elapsedMs)}${retries === 0 ? "" : `, ${retriesText(retries)}`}`,
    ...labelled("filled   ", filledLines(report, noun, "point")),
    ...labelled("replaced ", replacedLines(report)),
  ];
  const shown = args.has("json") ? [JSON.stringify(summary, null, 2)] : args.has("quiet") ? [] : lines;
  // The summary goes to standard error if the points go to standard output.
  for (const line of shown) output === "-" ? terminal.note(line) : terminal.print(line);
}
