import { isCatmaidImageError } from "../errors.js";
import type { BlockLevel, BlockSource } from "../source/block-source.js";
import type { Block } from "../space/block.js";
import { createVoxels } from "../space/data-type.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import type { OpenSource } from "./failover.js";
import type { FailedOver } from "./fetch-report.js";
import { reportedError, reportedMirror } from "./fetch-report.js";
import type { FetchRequest } from "./fetch-request.js";

/** The source that a fetch begins with, and the plan for its blocks. */
export interface FirstSource<P> {
  readonly source: BlockSource;
  readonly planned: P;
  /** The mirrors that may take over from it, in order. */
  readonly others: readonly StackMirror[];
  /** The change of mirror, if the mirror that was asked first could not be opened. */
  readonly failedOver: FailedOver | undefined;
}

/**
 * Opens a mirror and plans the fetch for its blocks. If the mirror's metadata cannot be fetched or read, does so for
 * the first failover mirror that can be opened.
 */
export async function openFirst<P>(
  { mirror: asked, failover: others, access }: Pick<FetchRequest, "mirror" | "failover" | "access">,
  planned: (source: BlockSource) => P | Promise<P>,
  signal: AbortSignal,
): Promise<FirstSource<P>> {
  const planFor = async (mirror: StackMirror): Promise<Pick<FirstSource<P>, "source" | "planned">> => {
    const source = await access.open(mirror, signal);
    return { source, planned: await planned(source) };
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
  plan: OpenSource["plan"],
  { access, zoomLevel }: Pick<FetchRequest, "access" | "zoomLevel">,
): Promise<OpenSource> {
  const level = source.level(zoomLevel);
  let empty: Block | undefined;
  return {
    source,
    level,
    plan,
    requests: await access.requests(source, (block) => plan.isWanted(block)),
    emptyBlock() {
      empty ??= emptyBlockOf(level);
      return empty;
    },
  };
}

/** A mirror may declare blocks far larger than its array, so the block of zeros ends where the array does. */
function emptyBlockOf({ dataType, blockShape, origin, held }: BlockLevel): Block {
  const along = (axis: 0 | 1 | 2): number => Math.min(blockShape[axis], held.upper[axis] - origin[axis]);
  const shape = [along(0), along(1), along(2)] as const;
  return { data: createVoxels(dataType, shape[0] * shape[1] * shape[2]), shape };
}

/** Whether an error says that the metadata of a mirror could not be fetched, or that this library cannot read them. */
function isUnopened(error: unknown): error is Error {
  return (
    isCatmaidImageError(error) &&
    (error.code === "tile-fetch" || error.code === "tile-decode" || error.code === "unsupported-mirror")
  );
}
