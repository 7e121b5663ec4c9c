import type { StackOrientation } from "../../space/stack-orientation.js";
import type { TileUrlFunction } from "./tile-url.js";
import {
  bossUrl,
  dirBasedUrl,
  dvidImageblkUrl,
  dvidImagetileUrl,
  fileBasedUrl,
  flixUrl,
  h2n5Url,
  renderServiceUrl,
  requestQueryUrl,
  throughCatmaidUrl,
  zoomDirsUrl,
} from "./tile-url.js";

/** CATMAID's number for the layout of a mirror's tiles. */
export type TileSourceType = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14;

/** Names for {@link (TileSourceType:type)} values. */
export const TileSourceType: {
  /** Files `z/row_col_zoom.ext`. */
  readonly FILE_BASED: 1;
  /** One URL with a query: x, y, width, height, scale, z. */
  readonly REQUEST_QUERY: 2;
  /** HDF5 files read by CATMAID itself. */
  readonly HDF5: 3;
  /** Files `z/zoom/row_col.ext`. */
  readonly FILE_BASED_WITH_ZOOM_DIRS: 4;
  /** Files `zoom/z/row/col.ext`. */
  readonly DIR_BASED: 5;
  /** DVID's `imageblk`; zoom level 0 only. Its ZY tiles are transposed. */
  readonly DVID_IMAGEBLK: 6;
  /** The Render web service. */
  readonly RENDER_SERVICE: 7;
  /** DVID's `imagetile`. Its ZY tiles are transposed. */
  readonly DVID_IMAGETILE: 8;
  /** FlixServer: like type 1, with settings in a query. */
  readonly FLIXSERVER: 9;
  /** H2N5: a URL template. */
  readonly H2N5_TILES: 10;
  /** N5 blocks. */
  readonly N5: 11;
  /** Boss; square tiles only. */
  readonly BOSS: 12;
  /** CloudVolume, read by CATMAID itself. */
  readonly CLOUD_VOLUME: 13;
  /** Neuroglancer's precomputed chunks. */
  readonly PRECOMPUTED: 14;
} = Object.freeze({
  FILE_BASED: 1,
  REQUEST_QUERY: 2,
  HDF5: 3,
  FILE_BASED_WITH_ZOOM_DIRS: 4,
  DIR_BASED: 5,
  DVID_IMAGEBLK: 6,
  RENDER_SERVICE: 7,
  DVID_IMAGETILE: 8,
  FLIXSERVER: 9,
  H2N5_TILES: 10,
  N5: 11,
  BOSS: 12,
  CLOUD_VOLUME: 13,
  PRECOMPUTED: 14,
});

/** The format of a mirror that serves 3-D blocks instead of tiles. */
export type BlockFormat = "n5" | "precomputed";

/** What a tile source type means for a mirror. */
export interface TileSource {
  /** CATMAID's name for the type, for messages. */
  readonly name: string;
  /** Makes the URL of a tile; `undefined` for a type of blocks. */
  readonly url: TileUrlFunction | undefined;
  /** The format of the blocks; `undefined` for a type of tiles. */
  readonly blocks: BlockFormat | undefined;
  /** Whether the base URL is a folder, which ends in a slash. */
  readonly isPath: boolean;
  /** Whether the tiles come from CATMAID itself, so that its URL and ids are needed. */
  readonly asksCatmaid: boolean;
  /** Whether the URL depends on the stack's orientation. */
  readonly needsOrientation: boolean;
  /** The orientation in which tiles arrive with rows and columns swapped. */
  readonly transposedIn: StackOrientation | undefined;
  /** Whether there are zoom levels besides 0. */
  readonly hasLevels: boolean;
  /** Whether tiles must be square. */
  readonly squareOnly: boolean;
}

const plain: Omit<TileSource, "name" | "url"> = {
  blocks: undefined,
  isPath: true,
  asksCatmaid: false,
  needsOrientation: false,
  transposedIn: undefined,
  hasLevels: true,
  squareOnly: false,
};

const notAPath = { ...plain, isPath: false };
const catmaidItself = { ...notAPath, asksCatmaid: true };
const dvid: typeof plain = { ...plain, needsOrientation: true, transposedIn: "zy" };

const sources: ReadonlyMap<number, TileSource> = new Map<TileSourceType, TileSource>([
  [1, { ...plain, name: "file-based", url: fileBasedUrl }],
  [2, { ...notAPath, name: "request query", url: requestQueryUrl }],
  [3, { ...catmaidItself, name: "HDF5", url: throughCatmaidUrl("hdf5") }],
  [4, { ...plain, name: "file-based with zoom folders", url: zoomDirsUrl }],
  [5, { ...plain, name: "directory-based", url: dirBasedUrl }],
  [6, { ...dvid, name: "DVID imageblk", url: dvidImageblkUrl, hasLevels: false }],
  [7, { ...plain, name: "Render service", url: renderServiceUrl }],
  [8, { ...dvid, name: "DVID imagetile", url: dvidImagetileUrl }],
  [9, { ...plain, name: "FlixServer", url: flixUrl }],
  [10, { ...notAPath, name: "H2N5", url: h2n5Url }],
  [11, { ...notAPath, name: "N5 blocks", url: undefined, blocks: "n5" }],
  [12, { ...plain, name: "Boss", url: bossUrl, needsOrientation: true, squareOnly: true }],
  [13, { ...catmaidItself, name: "CloudVolume", url: throughCatmaidUrl("cloudvolume") }],
  [14, { ...notAPath, name: "Neuroglancer precomputed chunks", url: undefined, blocks: "precomputed" }],
]);

/** The facts about a tile source type; `undefined` for a number that CATMAID does not have. */
export function tileSourceOf(type: number): TileSource | undefined {
  return sources.get(type);
}
