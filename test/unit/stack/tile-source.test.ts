import { describe, expect, it } from "vitest";
import { InvalidZoomLevelError, UnsupportedMirrorError } from "../../../src/errors.js";
import { stackOrientations } from "../../../src/space/stack-orientation.js";
import type { StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { TileSourceType, tileSourceOf } from "../../../src/stack/mirror/tile-source.js";

const options: StackMirrorOptions = {
  imageBase: "http://127.0.0.1/tiles/",
  fileExtension: "png",
  tileWidth: 512,
  tileHeight: 512,
  tileSourceType: 1,
  projectId: 7,
  stackId: 42,
  catmaidUrl: "http://127.0.0.1/catmaid/",
};

function mirrorOf(changes: Partial<StackMirrorOptions>): StackMirror {
  return new StackMirror({ ...options, ...changes });
}

function urlOf(changes: Partial<StackMirrorOptions>, tile: Partial<TileIndex> = {}): string {
  const mirror = mirrorOf(changes);
  const index = {
    depth: 3,
    row: 2,
    col: 1,
    zoomLevel: 0,
    height: mirror.tileHeight,
    width: mirror.tileWidth,
  };
  return mirror.generateUrl(new TileIndex({ ...index, ...tile }));
}

describe("tile source types", () => {
  it("have CATMAID's numbers", () => {
    expect(Object.values(TileSourceType)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(Object.values(TileSourceType).every((type) => tileSourceOf(type) !== undefined)).toBe(true);
    expect([0, -1, 15, 1.5, Number.NaN].map(tileSourceOf)).toEqual(new Array(5).fill(undefined));
  });

  it("say which ask CATMAID itself, which are transposed, and which have levels", () => {
    const types = Object.values(TileSourceType);
    expect(types.filter((tileSourceType) => mirrorOf({ tileSourceType }).asksCatmaid)).toEqual([3, 13]);
    for (const orientation of stackOrientations) {
      const transposed = types.filter(
        (tileSourceType) => mirrorOf({ tileSourceType, orientation }).transposed,
      );
      expect(transposed).toEqual(orientation === "zy" ? [6, 8] : []);
    }
    expect(types.filter((tileSourceType) => !mirrorOf({ tileSourceType }).hasZoomLevel(1))).toEqual([6]);
    expect(types.every((tileSourceType) => mirrorOf({ tileSourceType }).hasZoomLevel(0))).toBe(true);
    expect(mirrorOf({}).hasZoomLevel(0.5)).toBe(false);
  });

  it.each([11, 14])("of blocks have no tiles, and say what to use instead: %i", (tileSourceType) => {
    const mirror = mirrorOf({ tileSourceType, imageBase: "http://127.0.0.1/%SCALE_DATASET%/0_1_2" });
    expect(mirror.unsupportedReason).toBeNull();
    const tile = new TileIndex({ depth: 0, row: 0, col: 0, zoomLevel: 0, width: 512, height: 512 });
    for (const ask of [
      () => mirror.getTileIndex({ x: 0, y: 0, z: 0 }),
      () => mirror.tileOf({ x: 0, y: 0, z: 0 }),
      () => mirror.generateUrl(tile),
    ]) {
      expect(ask).toThrow(UnsupportedMirrorError);
      expect(ask).toThrow(/serves blocks, which are no tiles: fetch voxels with the get of an image fetcher/);
    }
  });

  it("make one URL per tile, each its own", () => {
    const tiles = [{}, { depth: 4 }, { row: 3 }, { col: 2 }, { zoomLevel: 1 }];
    for (const tileSourceType of Object.values(TileSourceType)) {
      if (tileSourceOf(tileSourceType)?.url === undefined) continue;
      const imageBase = "http://127.0.0.1/%SCALE_DATASET%/%AXIS_0%/%AXIS_1%/%AXIS_2%/";
      const known = tiles.filter(({ zoomLevel = 0 }) => mirrorOf({ tileSourceType }).hasZoomLevel(zoomLevel));
      const urls = known.map((tile) => urlOf({ tileSourceType, imageBase }, tile));
      expect(new Set(urls).size, `type ${tileSourceType}`).toBe(known.length);
    }
  });

  it("add a missing slash to folders, and to nothing else", () => {
    for (const [tileSourceType, ending] of [
      [1, "/3/2_1_0.png"],
      [4, "/3/0/2_1.png"],
      [5, "/0/3/2/1.png"],
      [6, "/512_512/512_1024_3/png"],
      [7, "/largeDataTileSource/512/512/0/3/2/1.png"],
      [8, "/xy/0/1_2_3"],
      [9, "/3/2_1_0.png"],
      [12, "/xy/512/0/1/2/3"],
      [2, "?x=512&y=1024&width=512&height=512&row=y&col=x&scale=1&z=3"],
      [10, ".png"],
    ] as const) {
      const imageBase = "http://127.0.0.1/tiles";
      expect(urlOf({ tileSourceType, imageBase })).toBe(imageBase + ending);
    }
    expect(urlOf({ imageBase: "http://127.0.0.1/?file=" })).toBe("http://127.0.0.1/?file=3/2_1_0.png");
  });

  it("escape queries as jQuery 2 does", () => {
    const url = urlOf({
      tileSourceType: 3,
      imageBase: "a b/ä+&=#%20'()*!~\uD800",
      fileExtension: "jpg?q=80",
    });
    expect(url).toContain("&basename=a+b%2F%C3%A4%2B%26%3D%23%2520'()*!~%EF%BF%BD&type=all&format=hdf5");
    expect(url).toContain("&file_extension=jpg%3Fq%3D80&");
  });

  it("keep ids from leaving their place in the path", () => {
    const url = urlOf({ tileSourceType: 13, projectId: "../../evil", stackId: "a?b#c" });
    expect(url.startsWith("http://127.0.0.1/catmaid/..%2F..%2Fevil/stack/a%3Fb%23c/tile?x=")).toBe(true);
  });

  it("print the scale as JavaScript does, at any level", () => {
    for (const zoomLevel of [0, 1, 20, 31, 40, -2]) {
      expect(urlOf({ tileSourceType: 2 }, { zoomLevel })).toContain(`&scale=${2 ** -zoomLevel}&`);
    }
  });

  it("refuse levels other than 0 of DVID imageblk", () => {
    expect(() => urlOf({ tileSourceType: 6 }, { zoomLevel: 1 })).toThrow(InvalidZoomLevelError);
  });

  it("do not take dollar signs for patterns", () => {
    const url = urlOf({ tileSourceType: 10, imageBase: "http://127.0.0.1/$&/%SCALE_DATASET%/$1/%AXIS_2%" });
    expect(url).toBe("http://127.0.0.1/$&/s0/$1/3.png");
  });
});
