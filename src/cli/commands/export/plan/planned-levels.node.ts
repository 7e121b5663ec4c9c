import type {
  DataType,
  ImageFetcher,
  MirrorLevel,
  Orientation3D,
  ProjectStack,
  VolumeInfo,
} from "../../../../index.js";
import { computedLevels, firstLevel } from "../../../../out/chunked/levels/computed-levels.js";
import type { StageRequest } from "../../../../tasks/plan/plan-stages.js";
import type { Region } from "../../../input/region.node.js";
import { UsageError } from "../../../usage-error.js";
import { type ServerLevels, serverLevels } from "../../server-levels.node.js";

/** A level of an export, and where it is fetched from unless it is computed. */
export type PlannedLevel = Omit<StageRequest, "unitShape">;

/** What the levels of an export are made of. */
export interface LevelsRequest {
  readonly fetcher: ImageFetcher<DataType>;
  readonly stack: ProjectStack;
  readonly region: Region;
  readonly volume: VolumeInfo;
  /** The number of levels in all, if levels are computed; `"server"` if they are fetched. */
  readonly levels: number | "server";
  readonly signal: AbortSignal;
}

/** The levels of an export, the volume first, and why other zoom levels are left out. */
export async function plannedLevels(
  request: LevelsRequest,
): Promise<{ readonly levels: readonly PlannedLevel[]; readonly leftOut: ServerLevels["leftOut"] }> {
  const { fetcher, stack, region, volume, levels, signal } = request;
  const { levels: mirrorLevels } = await fetcher.describeMirror(fetcher.mirror, { signal });
  const [volumeLevel, ...computed] =
    levels === "server" ? [firstLevel(volume)] : computedLevels(volume, levels);
  const first: PlannedLevel = {
    level: volumeLevel ?? firstLevel(volume),
    fetched: { origin: volume.origin, mirrorLevel: levelAt(mirrorLevels, region.zoomLevel) },
  };
  if (levels !== "server") {
    return { levels: [first, ...computed.map((level) => ({ level, fetched: undefined }))], leftOut: [] };
  }
  const orientation: Orientation3D = volume.orientation;
  const served = serverLevels(region, orientation, stack, mirrorLevels);
  const others = served.levels.map(({ info, roi: [lower], zoomLevel }): PlannedLevel => {
    const [slow = 0, middle = 0, fast = 0] = lower;
    return {
      level: info,
      fetched: { origin: [slow, middle, fast], mirrorLevel: levelAt(mirrorLevels, zoomLevel) },
    };
  });
  return { levels: [first, ...others], leftOut: served.leftOut };
}

function levelAt(levels: Parameters<typeof serverLevels>[3], zoomLevel: number): MirrorLevel {
  const level = levels[zoomLevel];
  if (level !== undefined && !("problem" in level)) return level;
  throw new UsageError(level?.problem ?? `the stack has no zoom level ${zoomLevel}`);
}
