import { InvalidZoomLevelError } from "../../errors.js";
import type { StackOrientation } from "../../space/stack-orientation.js";
import type { TileIndex } from "./tile-index.js";
import type { TileSourceSettings } from "./tile-source-settings.js";

/** The parts of tile URLs that all tiles of a mirror share. */
export interface TileUrlParts {
  /** Base URL as tile URLs begin with it: resolved, and with the slash that a folder needs. */
  readonly base: string;
  /** Base URL as the stack info has it. */
  readonly imageBase: string;
  /** CATMAID's own URL, with a slash at its end; `""` if it is not known. */
  readonly catmaidBase: string;
  /** File extension without a leading dot; may be empty, and may carry a query. */
  readonly extension: string;
  /** How the stack lies in project space. */
  readonly orientation: StackOrientation;
  /** CATMAID's ids. */
  readonly projectId: number | string | null;
  readonly stackId: number | string | null;
  /** Settings of the tile source. */
  readonly settings: TileSourceSettings;
}

/** The URL of one tile. */
export type TileUrlFunction = (parts: TileUrlParts, tile: TileIndex) => string;

/** Type 1. */
export function fileBasedUrl(parts: TileUrlParts, { depth, row, col, zoomLevel }: TileIndex): string {
  return `${parts.base}${depth}/${row}_${col}_${zoomLevel}.${parts.extension}`;
}

/** Type 2. */
export function requestQueryUrl(parts: TileUrlParts, tile: TileIndex): string {
  return `${parts.base}?${query(boxParameters(tile))}`;
}

/** Types 3 and 13. CATMAID reads these files itself. */
export function throughCatmaidUrl(format: "hdf5" | "cloudvolume"): TileUrlFunction {
  return (parts, tile) => {
    const path = `${encodeText(String(parts.projectId))}/stack/${encodeText(String(parts.stackId))}/tile`;
    const parameters = query([
      ...boxParameters(tile),
      ["file_extension", parts.extension],
      ["basename", parts.imageBase],
      ["type", "all"],
      ["format", format],
    ]);
    return `${parts.catmaidBase}${path}?${parameters}`;
  };
}

/** Type 4. */
export function zoomDirsUrl(parts: TileUrlParts, { depth, row, col, zoomLevel }: TileIndex): string {
  return `${parts.base}${depth}/${zoomLevel}/${row}_${col}.${parts.extension}`;
}

/** Type 5. */
export function dirBasedUrl(parts: TileUrlParts, { depth, row, col, zoomLevel }: TileIndex): string {
  return `${parts.base}${zoomLevel}/${depth}/${row}/${col}.${parts.extension}`;
}

/** Type 6. Its URL has no zoom level, so any level but 0 would show the wrong place. */
export function dvidImageblkUrl(parts: TileUrlParts, tile: TileIndex): string {
  if (tile.zoomLevel !== 0) {
    throw new InvalidZoomLevelError(
      `a DVID imageblk mirror (type 6) has zoom level 0 only, not ${tile.zoomLevel}`,
    );
  }
  const { x, y, z } = tile.coords;
  const offset = { xy: [x, y, z], xz: [x, z, y], zy: [z, y, x] }[parts.orientation].join("_");
  return `${parts.base}${tile.width}_${tile.height}/${offset}/${parts.extension}`;
}

/** Type 7. */
export function renderServiceUrl(parts: TileUrlParts, tile: TileIndex): string {
  const { depth, row, col, zoomLevel, width, height } = tile;
  const { maxTiles } = parts.settings;
  const place = `${width}/${height}/${zoomLevel}/${depth}/${row}/${col}.${parts.extension}`;
  const limit = maxTiles === null || maxTiles === undefined ? "" : `?maxTileSpecsToRender=${maxTiles}`;
  return `${parts.base}largeDataTileSource/${place}${limit}`;
}

/** Type 8. */
export function dvidImagetileUrl(parts: TileUrlParts, { depth, row, col, zoomLevel }: TileIndex): string {
  const place = {
    xy: `xy/${zoomLevel}/${col}_${row}_${depth}`,
    xz: `xz/${zoomLevel}/${col}_${depth}_${row}`,
    zy: `yz/${zoomLevel}/${depth}_${row}_${col}`,
  }[parts.orientation];
  return `${parts.base}${place}`;
}

/** Type 9. As in CATMAID, settings that are 0 or empty are left out, and none is escaped. */
export function flixUrl(parts: TileUrlParts, tile: TileIndex): string {
  const { color, minIntensity, maxIntensity, gamma, quality } = parts.settings;
  const settings = Object.entries({ color, min: minIntensity, max: maxIntensity, gamma, quality })
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${value}`);
  return fileBasedUrl(parts, tile) + (settings.length > 0 ? `?${settings.join("&")}` : "");
}

/** Type 10. Like CATMAID, it replaces the first occurrence of each placeholder. */
export function h2n5Url(parts: TileUrlParts, tile: TileIndex): string {
  const { x, y, z } = tile.coords;
  const filled = parts.base
    .replace("%SCALE_DATASET%", `s${tile.zoomLevel}`)
    .replace("%AXIS_0%", String(x))
    .replace("%AXIS_1%", String(y))
    .replace("%AXIS_2%", String(z));
  return `${filled}.${parts.extension}`;
}

/** Type 12. */
export function bossUrl(parts: TileUrlParts, { depth, row, col, zoomLevel, width }: TileIndex): string {
  const [plane, ...place] = {
    xy: ["xy", col, row, depth],
    xz: ["xz", col, depth, row],
    zy: ["yz", col, row, depth],
  }[parts.orientation];
  return `${parts.base}${plane}/${width}/${zoomLevel}/${place.join("/")}`;
}

function boxParameters(tile: TileIndex): readonly (readonly [string, string | number])[] {
  const { x, y, z } = tile.coords;
  return [
    ["x", x],
    ["y", y],
    ["width", tile.width],
    ["height", tile.height],
    ["row", "y"],
    ["col", "x"],
    ["scale", 2 ** -tile.zoomLevel],
    ["z", z],
  ];
}

// CATMAID has jQuery 2, which escapes queries in this way: spaces become plus signs.
function query(parameters: readonly (readonly [string, string | number])[]): string {
  return parameters
    .map(([name, value]) => `${name}=${encodeText(String(value)).replace(/%20/g, "+")}`)
    .join("&");
}

function encodeText(text: string): string {
  // Half a surrogate pair has no encoding, and `encodeURIComponent` would throw.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"));
}
