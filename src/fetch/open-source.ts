import { isCatmaidImageError } from "../errors.js";
import type { VolumeOut } from "../out/volume-out.js";
import type { BlockPlan } from "../plan/block-plan.js";
import { blockAt } from "../source/block-at.js";
import type { BlockSource } from "../source/block-source.js";
import type { SourceAccess } from "../source/mirror-access.js";
import type { Block, BlockIndex } from "../space/block.js";
import { createVoxels } from "../space/data-type.js";
import type { ScaledBox } from "../space/scaled-box.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { OpenSource } from "./failover.js";
import type { FailedOver } from "./fetch-report.js";
import { reportedError, reportedMirror } from "./fetch-report.js";
import type { PlannedVolume, RegionRequest } from "./plan-volume.js";
import { planVolume } from "./plan-volume.js";

/** A region that is planned for the blocks of a mirror. */
export interface FirstSource {
  readonly source: BlockSource;
  readonly planned: PlannedVolume;
  /** The mirrors that may stand in for it, in order. */
  readonly others: readonly StackMirror[];
  /** What was wrong with the mirror that was asked first, where another one took over. */
  readonly failedOver: FailedOver | undefined;
}

/**
 * Opens a mirror, or, where its metadata cannot be had or read, the first of those that may stand in for it, and plans the region
 * for it.
 *
 * @param mirrors - The mirror that is asked, and those that may stand in for it.
 */
export async function openFirst(
  request: RegionRequest<VolumeOut | undefined>,
  access: SourceAccess,
  [asked, ...others]: readonly [StackMirror, ...StackMirror[]],
  signal: AbortSignal,
): Promise<FirstSource> {
  const planFor = async (mirror: StackMirror): Promise<Pick<FirstSource, "source" | "planned">> => {
    const source = await access.open(mirror, signal);
    return { source, planned: planVolume(request, source) };
  };
  try {
    return { ...(await planFor(asked)), others, failedOver: undefined };
  } catch (error) {
    if (!isUnopened(error)) throw error;
    for (const [place, mirror] of others.entries()) {
      const opened = await planFor(mirror).catch((other: unknown) => {
        if (!isCatmaidImageError(other)) throw other;
      });
      if (opened === undefined) continue;
      const failedOver = {
        from: reportedMirror(asked),
        to: reportedMirror(mirror),
        error: reportedError(error),
      };
      return { ...opened, others: others.slice(place + 1), failedOver };
    }
    throw error;
  }
}

/** Makes a source ready for the steps of a plan. */
export async function openSource(
  source: BlockSource,
  plan: BlockPlan,
  access: SourceAccess,
  zoomLevel: number,
): Promise<OpenSource> {
  const level = source.level(zoomLevel);
  let empty: Block | undefined;
  return {
    source,
    level,
    plan,
    requests: await access.requests(source, blocksWithin(plan.box, level, zoomLevel)),
    emptyBlock() {
      const [depth, height, width] = level.blockShape;
      empty ??= { data: createVoxels(level.dataType, depth * height * width), shape: level.blockShape };
      return empty;
    },
  };
}

/** Whether an error says that the metadata of a mirror could not be had, or are not what is read here. */
function isUnopened(error: unknown): error is Error {
  return (
    isCatmaidImageError(error) &&
    (error.code === "tile-fetch" || error.code === "tile-decode" || error.code === "unsupported-mirror")
  );
}

function blocksWithin(
  { lower, upper }: ScaledBox,
  level: OpenSource["level"],
  zoomLevel: number,
): (block: BlockIndex) => boolean {
  const at = ([z, y, x]: ScaledBox["lower"], last: 0 | 1): BlockIndex["at"] =>
    blockAt(level, zoomLevel, { z: z - last, y: y - last, x: x - last }).at;
  const [first, end] = [at(lower, 0), at(upper, 1)];
  return (block) =>
    block.level === zoomLevel &&
    ([0, 1, 2] as const).every((axis) => block.at[axis] >= first[axis] && block.at[axis] <= end[axis]);
}
