import { type SampleMirror, type SampleStack, sampleExtension } from "./sample-stack.js";

/** The position of a tile. `z` is in voxels of the level. */
export interface SampleTileAddress {
  readonly column: number;
  readonly row: number;
  readonly z: number;
  readonly zoomLevel: number;
}

/** The paths of each tile source type. The parameters of a query are read as such a path. */
const layouts: Readonly<Record<number, string>> = {
  1: "{z}/{row}_{column}_{zoomLevel}.{ext}",
  2: "{x}_{y}_{z}_{width}_{height}_{zoomLevel}",
  3: "{x}_{y}_{z}_{width}_{height}_{zoomLevel}",
  4: "{z}/{zoomLevel}/{row}_{column}.{ext}",
  5: "{zoomLevel}/{z}/{row}/{column}.{ext}",
  6: "{width}_{height}/{voxel}/{ext}",
  7: "largeDataTileSource/{width}/{height}/{zoomLevel}/{z}/{row}/{column}.{ext}",
  8: "{plane}/{zoomLevel}/{tile}",
  9: "{z}/{row}_{column}_{zoomLevel}.{ext}",
  10: "s{zoomLevel}/{width}_{height}_1/0_1/{x}_{y}_{z}.{ext}",
};

/**
 * The tile at a URL, read as the servers of each tile source type read it; `undefined` if they would not know the URL.
 * `path` is what follows the mirror's base, without the query.
 */
export function sampleTileAddress(
  stack: SampleStack,
  mirror: SampleMirror,
  path: string,
  query: URLSearchParams,
): SampleTileAddress | undefined {
  const { type, tileWidth, tileHeight } = mirror;
  const { plane } = stack;
  const inSpace = (x: string, y: string) =>
    ({ xy: `${x}_${y}_{z}`, xz: `${x}_{z}_${y}`, zy: `{z}_${y}_${x}` })[plane];
  const words: Readonly<Record<string, string>> = {
    ext: sampleExtension(mirror),
    width: `${tileWidth}`,
    height: `${tileHeight}`,
    plane: plane === "zy" ? "yz" : plane,
    voxel: inSpace("{x}", "{y}"),
    tile: inSpace("{column}", "{row}"),
  };
  const layout = (layouts[type] ?? "").replace(/\{(\w+)\}/g, (whole, word) => words[word] ?? whole);
  const pattern = layout.replaceAll(".", "\\.").replace(/\{(\w+)\}/g, "(?<$1>-?\\d+)");
  const asked = ["x", "y", "z", "width", "height"].map((name) => query.get(name));
  const zoomLevel = -Math.log2(Number(query.get("scale")));
  const place = type === 2 || type === 3 ? path + [...asked, zoomLevel].join("_") : path;
  const found = new RegExp(`^${pattern}$`).exec(place)?.groups;
  if (found === undefined) return undefined;
  const address = {
    column: Number(found["column"] ?? Number(found["x"]) / tileWidth),
    row: Number(found["row"] ?? Number(found["y"]) / tileHeight),
    z: Number(found["z"]),
    zoomLevel: Number(found["zoomLevel"] ?? 0),
  };
  return Object.values(address).every(Number.isInteger) ? address : undefined;
}

/** Whether the mirror's files hold the tile mirrored along its diagonal, as DVID's files do for ZY. */
export function isTransposed({ plane }: SampleStack, { type }: SampleMirror): boolean {
  return plane === "zy" && (type === 6 || type === 8);
}
