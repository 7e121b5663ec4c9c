import type { SampleMirror, SampleStack } from "./sample-stack.js";
import { sampleExtension } from "./sample-stack-info.js";

/** Which tile is asked for. */
export interface SampleTileAddress {
  /** Column of the tile in its level. */
  readonly column: number;
  /** Row of the tile in its level. */
  readonly row: number;
  /** Section, in voxels of the level. */
  readonly z: number;
  /** Zoom level. */
  readonly zoomLevel: number;
}

const whole = "(-?\\d+)";

/**
 * The tile that a URL means, read the way the servers of each tile source type read it; undefined for a URL that
 * they would not know. `path` is what follows the mirror's base, without the query.
 */
export function sampleTileAddress(
  stack: SampleStack,
  mirror: SampleMirror,
  path: string,
  query: URLSearchParams,
): SampleTileAddress | undefined {
  const ext = sampleExtension(mirror);
  const size = `${mirror.tileWidth}_${mirror.tileHeight}`;
  switch (mirror.type) {
    case 1:
    case 9:
      return named(path, `${whole}/${whole}_${whole}_${whole}\\.${ext}`, "z row column zoomLevel");
    case 2:
    case 3:
      return ofQuery(mirror, path, query);
    case 4:
      return named(path, `${whole}/${whole}/${whole}_${whole}\\.${ext}`, "z zoomLevel row column");
    case 5:
      return named(path, `${whole}/${whole}/${whole}/${whole}\\.${ext}`, "zoomLevel z row column");
    case 6: {
      const order = { xy: "x y z", xz: "x z y", zy: "z y x" }[stack.plane];
      return inTiles(mirror, named(path, `${size}/${whole}_${whole}_${whole}/${ext}`, order));
    }
    case 7: {
      const prefix = `largeDataTileSource/${mirror.tileWidth}/${mirror.tileHeight}`;
      return named(path, `${prefix}/${whole}/${whole}/${whole}/${whole}\\.${ext}`, "zoomLevel z row column");
    }
    case 8: {
      const plane = { xy: "xy", xz: "xz", zy: "yz" }[stack.plane];
      const order = { xy: "column row z", xz: "column z row", zy: "z row column" }[stack.plane];
      return named(path, `${plane}/${whole}/${whole}_${whole}_${whole}`, `zoomLevel ${order}`);
    }
    case 10:
      return inTiles(
        mirror,
        named(path, `s${whole}/${size}_1/0_1/${whole}_${whole}_${whole}\\.${ext}`, "zoomLevel x y z"),
      );
  }
}

/** Whether the mirror's files hold the tile mirrored along its diagonal, as DVID's do for ZY. */
export function isTransposed(stack: SampleStack, mirror: SampleMirror): boolean {
  return stack.plane === "zy" && (mirror.type === 6 || mirror.type === 8);
}

type Parts = Partial<Record<"column" | "row" | "x" | "y" | "z" | "zoomLevel", number>>;

function named(path: string, pattern: string, names: string): (SampleTileAddress & Parts) | undefined {
  const match = new RegExp(`^${pattern}$`).exec(path);
  if (match === null) return undefined;
  const parts: Parts = Object.fromEntries(names.split(" ").map((name, i) => [name, Number(match[i + 1])]));
  return { column: 0, row: 0, z: 0, zoomLevel: 0, ...parts };
}

/** Pixel positions in tiles of the mirror's size; undefined between the tiles. */
function inTiles(
  mirror: SampleMirror,
  parts: (SampleTileAddress & Parts) | undefined,
): SampleTileAddress | undefined {
  if (parts === undefined) return undefined;
  const { x = 0, y = 0, z, zoomLevel } = parts;
  const column = x / mirror.tileWidth;
  const row = y / mirror.tileHeight;
  return Number.isInteger(column) && Number.isInteger(row) ? { column, row, z, zoomLevel } : undefined;
}

function ofQuery(mirror: SampleMirror, path: string, query: URLSearchParams): SampleTileAddress | undefined {
  if (path !== "") return undefined;
  const number = (name: string) => Number(query.get(name) ?? Number.NaN);
  if (number("width") !== mirror.tileWidth || number("height") !== mirror.tileHeight) return undefined;
  const zoomLevel = Math.log2(1 / number("scale"));
  if (!Number.isInteger(zoomLevel) || !Number.isInteger(number("z"))) return undefined;
  return inTiles(mirror, { column: 0, row: 0, x: number("x"), y: number("y"), z: number("z"), zoomLevel });
}
