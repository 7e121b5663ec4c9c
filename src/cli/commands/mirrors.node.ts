import type { MirrorProbe } from "../../index.js";
import type { Command } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import { openFetcher, readStackInfo, sourceHelp, sourceOptions } from "../input/stack-source.node.js";
import { messageText } from "../output/message-text.js";
import { type BlocksOf, blockLines, blocksOf } from "../output/mirror-text.js";
import { titleText } from "../output/plain-text.js";
import { timeText } from "../output/quantity-text.js";

export const mirrorsCommand: Command = {
  name: "mirrors",
  summary: "request a tile from each mirror of a stack, and print its time or its failure",
  help: `Usage: catmaid-image mirrors STACK [options]

Requests the canary tile of every mirror (or the block at that place), and prints the time or the failure. A star marks
the fastest mirror per pixel. If another mirror has a smaller time, a line says why. For mirrors of blocks, it prints the
data type, block size and encoding. Exits with 1 if no mirror works.

${sourceHelp}

  --reps N               number of requests to each mirror; default 1
  --per-tile             compare times per tile instead of per pixel
  --json                 print JSON
  --help                 print this

Example:
  catmaid-image mirrors https://example.org/catmaid/1/stack/2/info --reps 5`,
  options: {
    ...sourceOptions,
    reps: { type: "string" },
    "per-tile": { type: "boolean" },
    json: { type: "boolean" },
  },
  run: async (args, context) => {
    const { terminal, signal } = context;
    const reps = args.whole("reps", 1, 1000) ?? 1;
    const source = await readStackInfo(args, context);
    const { fetcher, stack } = openFetcher(source, args, context, {}, 0);
    try {
      const probes = await fetcher.probeMirrors({ reps, signal });
      const fastest = fastestOf(probes, args.has("per-tile"));
      // This makes no further requests: probing has read the metadata of the mirrors that answered.
      const blocks = await Promise.all(
        probes.map(({ ok, mirror }) => (ok ? blocksOf(fetcher, mirror, signal) : undefined)),
      );
      if (args.has("json")) {
        terminal.printJson(probes.map((probe, i) => probeJson(probe, blocks[i], probe === fastest)));
      } else {
        terminal.print(terminal.strong(titleText(stack.title) || "a stack without a title"));
        for (const [i, probe] of probes.entries()) {
          terminal.print(probeLine(probe, probe === fastest));
          for (const line of blockLines(blocks[i])) terminal.print(`       ${line}`);
        }
        if (probes.length === 0) terminal.print("it has no mirrors");
        if (fastest?.ok === true) for (const line of whyFastest(probes, fastest)) terminal.print(line);
      }
      return fastest === undefined ? exitCode.failed : exitCode.ok;
    } finally {
      await fetcher.close();
    }
  },
};

type WorkingProbe = Extract<MirrorProbe, { readonly ok: true }>;

function fastestOf(probes: readonly MirrorProbe[], perTile: boolean): MirrorProbe | undefined {
  const cost = (probe: MirrorProbe) => {
    if (!probe.ok) return Number.POSITIVE_INFINITY;
    return perTile ? probe.timeMs : probe.nsPerPixel;
  };
  const best = Math.min(...probes.map(cost));
  return probes.find((probe) => probe.ok && cost(probe) === best);
}

/** Says why the fastest mirror does not have the smallest time. Empty if it has. */
function whyFastest(probes: readonly MirrorProbe[], fastest: WorkingProbe): string[] {
  const quickest = probes
    .filter((probe): probe is WorkingProbe => probe.ok && probe.timeMs < fastest.timeMs)
    .sort((a, b) => a.timeMs - b.timeMs)[0];
  if (quickest === undefined) return [];
  const cost = ({ mirror, nsPerPixel }: WorkingProbe) =>
    `mirror ${mirror.position} takes ${Number(nsPerPixel.toPrecision(3))} ns per pixel of its ` +
    (mirror.blockFormat === undefined ? `${mirror.tileWidth} × ${mirror.tileHeight} tiles` : "blocks");
  return [
    `* is the fastest per pixel: ${cost(fastest)}, ${cost(quickest)}; --per-tile compares the times themselves`,
  ];
}

function probeLine(probe: MirrorProbe, isFastest: boolean): string {
  const { mirror } = probe;
  const name = `${String(mirror.position).padStart(2)}  ${titleText(mirror.title) || "untitled"}`;
  const result = probe.ok ? timeText(probe.timeMs) : `${probe.reason}: ${messageText(probe.message)}`;
  return `${isFastest ? "*" : " "}${name} (type ${mirror.tileSourceType}): ${result}`;
}

function probeJson(probe: MirrorProbe, blocks: BlocksOf, fastest: boolean): Record<string, unknown> {
  const { mirror, ...rest } = probe;
  return {
    position: mirror.position,
    title: mirror.title,
    type: mirror.tileSourceType,
    ...rest,
    blocks,
    fastest,
  };
}
