import { shownUrl } from "../../../workers/transport/shown-url.js";
import type { CatmaidClient, ProjectStack, StackMirror } from "../../index.js";
import type { Command, CommandContext } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import type { Arguments } from "../input/arguments.node.js";
import {
  openFetcher,
  readStackInfo,
  serverClient,
  sourceHelp,
  sourceOptions,
} from "../input/stack-source.node.js";
import { messageText } from "../output/message-text.js";
import { type BlocksOf, blockLines, blocksOf } from "../output/mirror-text.js";
import { titleText } from "../output/plain-text.js";
import { countText } from "../output/quantity-text.js";

export const infoCommand: Command = {
  name: "info",
  summary: "describe a stack, or list the projects and stacks of a server",
  help: `Usage: catmaid-image info STACK [options]
       catmaid-image info --server URL [--project ID] [--stack ID] [options]

Describes a stack: extent, resolution, zoom levels, broken sections, mirrors. Requests the metadata of mirrors of blocks
(N5, precomputed): data type, block size, encoding, shards, levels that disagree with the stack's. --server without
--stack lists projects and their stacks, and --project limits the list to one project.

${sourceHelp}

  --offline              request nothing from mirrors
  --json                 print JSON
  --help                 print this

Examples:
  catmaid-image info stack.json
  catmaid-image info https://example.org/catmaid/1/stack/2/info
  catmaid-image info --server https://example.org/catmaid/ --project 1`,
  options: { ...sourceOptions, offline: { type: "boolean" }, json: { type: "boolean" } },
  run: async (args, context) => {
    const listing = args.positionals.length === 0 && args.text("stack") === undefined;
    const client = listing ? serverClient(args, context) : undefined;
    if (client !== undefined) return listStacks(client, args, context);
    const source = await readStackInfo(args, context);
    const { fetcher, stack } = openFetcher(source, args, context, {}, 0);
    try {
      const blocks = await Promise.all(
        stack.mirrors.map((mirror) =>
          args.has("offline") ? undefined : blocksOf(fetcher, mirror, context.signal),
        ),
      );
      if (args.has("json")) context.terminal.printJson(stackJson(stack, blocks));
      else for (const line of stackLines(stack, blocks, context)) context.terminal.print(line);
    } finally {
      await fetcher.close();
    }
    return exitCode.ok;
  },
};

interface ListedProject {
  readonly id?: unknown;
  readonly title?: unknown;
  readonly stacks?: readonly { readonly id?: unknown; readonly title?: unknown }[];
}

async function listStacks(client: CatmaidClient, args: Arguments, context: CommandContext): Promise<number> {
  const { terminal, signal } = context;
  const { projectId } = client;
  const projects: readonly ListedProject[] =
    projectId === ""
      ? asList(await client.get("projects/", {}, { signal }))
      : [{ id: projectId, stacks: asList(await client.get([projectId, "stacks"], {}, { signal })) }];
  if (args.has("json")) {
    terminal.printJson(projects);
    return exitCode.ok;
  }
  for (const { id, title, stacks = [] } of projects) {
    terminal.print(terminal.strong(titleText(`project ${id}${title === undefined ? "" : `  ${title}`}`)));
    for (const stack of stacks) terminal.print(`  ${titleText(`stack ${stack.id}  ${stack.title}`)}`);
    if (stacks.length === 0) terminal.print("  no stacks");
  }
  if (projects.length === 0) terminal.print("no projects that these credentials may see");
  return exitCode.ok;
}

function asList<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}

function stackJson(stack: ProjectStack, blocks: readonly BlocksOf[]): Record<string, unknown> {
  const { id, title, projectId, dimension, resolution, translation, orientation, maxZoomLevel } = stack;
  const extent = projectExtent(stack);
  return {
    id,
    title,
    project: projectId,
    dimension,
    resolution,
    translation,
    orientation,
    projectExtent: extent,
    zoomLevels: Array.from({ length: maxZoomLevel + 1 }, (_, level) => ({
      level,
      factor: stack.downsampleFactor(level),
      extent: stack.levelExtent(level),
    })),
    brokenSlices: [...stack.brokenSlices],
    canaryLocation: stack.canaryLocation,
    mirrors: stack.mirrors.map((mirror, i) => ({
      ...mirror.toJSON(),
      image_base: shownUrl(mirror.imageBase),
      unsupported: problemOf(mirror),
      blocks: blocks[i],
    })),
  };
}

function stackLines(
  stack: ProjectStack,
  blocks: readonly BlocksOf[],
  { terminal }: CommandContext,
): string[] {
  const { dimension, resolution, brokenSlices, maxZoomLevel } = stack;
  const { lower, upper } = projectExtent(stack);
  const coarsest = stack.levelExtent(maxZoomLevel);
  const broken = [...brokenSlices];
  const title = titleText(stack.title) || "a stack without a title";
  const range = (axis: "x" | "y" | "z") => `${axis} ${lower[axis]} to ${upper[axis]}`;
  return [
    terminal.strong(stack.id === null ? title : `${title} (stack ${titleText(String(stack.id))})`),
    `extent      ${dimension.x} × ${dimension.y} × ${dimension.z} voxels (x, y, z), ${stack.orientation.toUpperCase()} sections`,
    `voxel       ${resolution.x} × ${resolution.y} × ${resolution.z} nm`,
    `in project  ${range("x")}, ${range("y")}, ${range("z")} nm`,
    `zoom        0 to ${maxZoomLevel}; the coarsest is ${coarsest.x} × ${coarsest.y} × ${coarsest.z}`,
    `broken      ${broken.length === 0 ? "no sections" : `${countText(broken.length, "section")}: ${shortList(broken)}`}`,
    `mirrors     ${stack.mirrors.length === 0 ? "none" : ""}`.trimEnd(),
    ...stack.mirrors.flatMap((mirror, i) => {
      const problem = problemOf(mirror);
      const note = problem === null ? "" : `  (cannot be used: it ${problem})`;
      const { tileSourceType, tileWidth, tileHeight, blockFormat } = mirror;
      const type = Number.isNaN(tileSourceType) ? "no type" : `type ${tileSourceType}`;
      const size = Number.isNaN(tileWidth + tileHeight) ? "no tile size" : `${tileWidth} × ${tileHeight}`;
      const files = blockFormat ?? `${size} ${titleText(mirror.fileExtension)}`;
      return [
        `  ${mirror.position}  ${titleText(mirror.title) || "untitled"}: ${type}, ${files}${note}`,
        ...blockLines(blocks[i]).map((line) => `       ${line}`),
      ];
    }),
  ];
}

function problemOf({ unsupportedReason }: StackMirror): string | null {
  return unsupportedReason === null ? null : messageText(unsupportedReason);
}

function projectExtent({ transformer, dimension }: ProjectStack) {
  return {
    lower: transformer.stackToProject({ x: 0, y: 0, z: 0 }),
    upper: transformer.stackToProject(dimension),
  };
}

function shortList(sections: readonly number[]): string {
  const shown = sections.slice(0, 20).join(", ");
  return sections.length > 20 ? `${shown}, …` : shown;
}
