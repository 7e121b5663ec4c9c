import { parseBlockAddress } from "./block-address.js";
import type { MirrorAddress } from "./mirror-address.js";
import { staysWith } from "./mirror-address.js";
import type { TileSource } from "./tile-source.js";

/** What decides whether tiles can be fetched from a mirror. */
interface MirrorLayout {
  readonly imageBase: string;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly tileSourceType: number;
  readonly stackId: number | string | null;
  readonly projectId: number | string | null;
}

// JPEG and all tile servers stop here.
const largestTileSide = 65_535;

/** Why no tile can be fetched from a mirror, as a clause that follows its name; `undefined` if nothing is wrong. */
export function mirrorProblem(
  mirror: MirrorLayout,
  source: TileSource | undefined,
  target: MirrorAddress | undefined,
): string | undefined {
  return sourceProblem(mirror, source) ?? targetProblem(mirror, source, target);
}

/** The problem that a mirror's tile URLs lead to another server than the one that its credentials are for. */
export function tileUrlProblem(
  tileUrl: string,
  source: TileSource | undefined,
  target: MirrorAddress | undefined,
): string | undefined {
  if (target !== undefined && staysWith(target, tileUrl)) return undefined;
  const address = source?.asksCatmaid ? "catmaidUrl" : "image_base";
  return (
    `makes tile URLs that do not lead to the server of its ${address}: ` +
    `check ${address}, which may lack "http://" or the slash at its end, and file_extension`
  );
}

/** The problem that different tiles of a mirror have the same address. */
export function addressProblem(tileUrl: string, areToldApart: boolean): string | undefined {
  if (tileUrl.includes("#")) {
    return 'has a "#" in its address, and no server sees what follows it: write %23 for it';
  }
  if (areToldApart) return undefined;
  return (
    "asks the same address for different tiles: check image_base " +
    "(type 10 needs %AXIS_0%, %AXIS_1% and %AXIS_2%, set apart) and file_extension"
  );
}

function sourceProblem(mirror: MirrorLayout, source: TileSource | undefined): string | undefined {
  const { tileSourceType: type, tileWidth, tileHeight } = mirror;
  if (Number.isNaN(type)) return "has no tile_source_type that is a number";
  if (source === undefined) return `has tile source type ${type}, which CATMAID does not know`;
  // The size of blocks is in their metadata.
  if (source.blocks !== undefined) return undefined;
  if (Number.isNaN(tileWidth + tileHeight)) return "has no tile_width and tile_height that are numbers";
  if (!isTileSide(tileWidth) || !isTileSide(tileHeight))
    return `has tiles of ${tileWidth} × ${tileHeight} pixels`;
  if (source.squareOnly && tileWidth !== tileHeight) {
    return `has tiles of ${tileWidth} × ${tileHeight} pixels, and those of type ${type} (${source.name}) are square`;
  }
  return undefined;
}

function targetProblem(
  mirror: MirrorLayout,
  source: TileSource | undefined,
  target: MirrorAddress | undefined,
): string | undefined {
  if (!source?.asksCatmaid) return target?.problem ?? imageBaseProblem(mirror, source, target);
  const type = `type ${mirror.tileSourceType} (${source.name})`;
  if (target === undefined) return `is of ${type}, whose tiles come from CATMAID itself: give catmaidUrl`;
  if (mirror.projectId === null || mirror.stackId === null) {
    return `is of ${type}, whose tiles come from CATMAID itself: give the ids of project and stack`;
  }
  return target.problem === undefined ? undefined : `needs CATMAID, whose catmaidUrl ${target.problem}`;
}

function imageBaseProblem(
  { imageBase }: MirrorLayout,
  source: TileSource | undefined,
  target: MirrorAddress | undefined,
): string | undefined {
  if (imageBase.trim() === "") return "has no image_base";
  if (source?.blocks === undefined) return undefined;
  const parsed = parseBlockAddress(target?.resolved ?? "");
  return "problem" in parsed ? parsed.problem : undefined;
}

function isTileSide(pixels: number): boolean {
  return Number.isInteger(pixels) && pixels > 0 && pixels <= largestTileSide;
}
