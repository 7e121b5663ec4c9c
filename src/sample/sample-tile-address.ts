import { type SampleMirror, type SampleStack, sampleExtension } from "./sample-stack.js";

/** Which tile is asked for; `z` is in voxels of the level. */
export interface SampleTileAddress {
  readonly column: number;
  readonly row: number;
  readonly z: number;
  readonly zoomLevel: number;
}

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
  const { tileWidth, tileHeight } = mirror;
  const layout = layoutOf(stack, mirror);
  const pattern = `^${layout.replaceAll(".", "\\.").replace(/\{(\w+)\}/g, "(?<$1>-?\\d+)")}$`;
  let found: Readonly<Record<string, string | null | undefined>> | undefined = new RegExp(pattern).exec(
    path,
  )?.groups;
  if (layout === "" && path === "") {
    if (Number(query.get("width")) !== tileWidth || Number(query.get("height")) !== tileHeight)
      return undefined;
    const zoomLevel = `${-Math.log2(Number(query.get("scale")))}`;
    found = { x: query.get("x"), y: query.get("y"), z: query.get("z"), zoomLevel };
  }
  if (found === undefined) return undefined;
  const number = (name: string) => Number(found[name] ?? Number.NaN);
  const address = {
    column: "column" in found ? number("column") : number("x") / tileWidth,
    row: "row" in found ? number("row") : number("y") / tileHeight,
    z: number("z"),
    zoomLevel: mirror.type === 6 ? 0 : number("zoomLevel"),
  };
  return Object.values(address).every(Number.isInteger) ? address : undefined;
}

/** Whether the mirror's files hold the tile mirrored along its diagonal, as DVID's do for ZY. */
export function isTransposed(stack: SampleStack, mirror: SampleMirror): boolean {
  return stack.plane === "zy" && (mirror.type === 6 || mirror.type === 8);
}

/** What a tile's path looks like; empty where the query says it all. */
function layoutOf({ plane }: SampleStack, mirror: SampleMirror): string {
  const { tileWidth: width, tileHeight: height } = mirror;
  const ext = sampleExtension(mirror);
  switch (mirror.type) {
    case 1:
    case 9:
      return `{z}/{row}_{column}_{zoomLevel}.${ext}`;
    case 2:
    case 3:
      return "";
    case 4:
      return `{z}/{zoomLevel}/{row}_{column}.${ext}`;
    case 5:
      return `{zoomLevel}/{z}/{row}/{column}.${ext}`;
    case 6:
      return `${width}_${height}/${{ xy: "{x}_{y}_{z}", xz: "{x}_{z}_{y}", zy: "{z}_{y}_{x}" }[plane]}/${ext}`;
    case 7:
      return `largeDataTileSource/${width}/${height}/{zoomLevel}/{z}/{row}/{column}.${ext}`;
    case 8: {
      const places = { xy: "{column}_{row}_{z}", xz: "{column}_{z}_{row}", zy: "{z}_{row}_{column}" };
      return `${plane === "zy" ? "yz" : plane}/{zoomLevel}/${places[plane]}`;
    }
    case 10:
      return `s{zoomLevel}/${width}_${height}_1/0_1/{x}_{y}_{z}.${ext}`;
    default:
      throw new TypeError(`a mirror of type ${mirror.type} has no tiles`);
  }
}
