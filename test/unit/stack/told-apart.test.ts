import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { InvalidZoomLevelError, NoMirrorError } from "../../../src/errors.js";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { StackMirror, type StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";
import { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { Stack } from "../../../src/stack/stack.js";

const h2n5 = "https://tiles.example.org/v/%SCALE_DATASET%/%AXIS_0%_%AXIS_1%_%AXIS_2%";

function mirrorOf(options: Partial<StackMirrorOptions>): StackMirror {
  return new StackMirror({
    imageBase: "https://tiles.example.org/",
    fileExtension: "png",
    tileWidth: 512,
    tileHeight: 512,
    tileSourceType: 1,
    projectId: 1,
    stackId: 2,
    catmaidUrl: "https://example.org/catmaid/",
    ...options,
  });
}

describe("a mirror whose tiles cannot be told apart is unusable", () => {
  it.each([
    ["a picture", { imageBase: "http://h/preview.png#/" }],
    ["a folder's name", { imageBase: "http://h/Sample #1/" }],
    ["a query", { imageBase: "http://h/tiles?#", tileSourceType: 2 }],
    ["a relative address", { imageBase: "/tiles/#1/" }],
    ["a template", { imageBase: h2n5.replace("v/", "v#/"), tileSourceType: 10 }],
    ["the file extension", { fileExtension: "png#?q=80" }],
    ["a setting", { tileSourceType: 9, settings: { color: "#ff00ff" } }],
    ["CATMAID's own address", { catmaidUrl: "https://example.org/#/", tileSourceType: 3 }],
  ])("and says to write %%23 for a # in %s", (_where, options) => {
    const mirror = mirrorOf(options);
    expect(mirror.isSupported).toBe(false);
    expect(mirror.unsupportedReason).toContain("write %23");
    expect(mirror.origin).toBeNull();
  });

  it.each([
    ["dot segments", { fileExtension: "/../../x.png" }],
    ["dot segments that are escaped", { fileExtension: "/%2e%2e/%2E./x.png" }],
    ["dot segments behind backslashes", { fileExtension: "\\..\\..\\x.png" }],
    ["dot segments behind a line break", { fileExtension: "/.\n./.\t./x.png" }],
    ["a template without placeholders", { imageBase: "https://h/plain", tileSourceType: 10 }],
    ["one whose placeholders are spelt otherwise", { imageBase: h2n5.toLowerCase(), tileSourceType: 10 }],
    ["one without a section", { imageBase: h2n5.replace("_%AXIS_2%", ""), tileSourceType: 10 }],
    ["one that runs numbers together", { imageBase: h2n5.replaceAll("_%", "%"), tileSourceType: 10 }],
  ])("because of %s", (_why, options) => {
    expect(mirrorOf(options).unsupportedReason).toMatch(/^asks the same address for different tiles/);
  });

  it("and is asked for nothing", async () => {
    let asked = 0;
    const fetcher = new ImageFetcher(
      new Stack({
        dimension: { x: 100, y: 100, z: 1 },
        mirrors: [mirrorOf({ imageBase: "http://h/a.png#/" })],
      }),
      {
        fetch: async () => {
          asked++;
          return new Response();
        },
      },
    );
    const outcome = fetcher.getStackSpace([
      [0, 0, 0],
      [1, 9, 9],
    ]);
    await expect(outcome).rejects.toThrow(NoMirrorError);
    await expect(outcome).rejects.toThrow("write %23");
    expect(asked).toBe(0);
  });
});

describe("a mirror whose tiles are told apart stays usable", () => {
  it.each([
    ["a query", { imageBase: "https://h/tiles?path=" }],
    ["a query of a template", { imageBase: `${h2n5}?a=b`, tileSourceType: 10 }],
    ["spaces at the end", { imageBase: "https://h/tiles/ ", fileExtension: "png " }],
    ["backslashes", { imageBase: "https://h\\tiles\\" }],
    ["a line break", { imageBase: "https://h/tiles/\n" }],
    ["dot segments that swallow nothing of a tile", { imageBase: "https://h/a/../tiles/" }],
    ["an escaped #", { imageBase: "https://h/Sample %231/" }],
    ["no extension", { fileExtension: "" }],
    ["a # that CATMAID gets as a parameter", { imageBase: "Sample #1", tileSourceType: 3 }],
  ])("with %s", (_what, options) => {
    expect(mirrorOf(options).unsupportedReason).toBeNull();
  });

  it("has zoom level 0 alone where the template has no place for the level", async () => {
    const mirror = mirrorOf({ imageBase: h2n5.replace("%SCALE_DATASET%/", ""), tileSourceType: 10 });
    expect(mirror.isSupported).toBe(true);
    expect([0, 1].map((level) => mirror.hasZoomLevel(level))).toEqual([true, false]);
    const fetcher = new ImageFetcher(new Stack({ dimension: { x: 4096, y: 4096, z: 1 }, mirrors: [mirror] }));
    const level1 = fetcher.getStackSpace(
      [
        [0, 0, 0],
        [1, 9, 9],
      ],
      { zoomLevel: 1 },
    );
    await expect(level1).rejects.toThrow(InvalidZoomLevelError);
  });
});

describe("two tiles of a supported mirror", () => {
  const piece = fc.constantFrom(
    "a",
    "/",
    "#",
    "?",
    "..",
    ".",
    "%2e",
    "\\",
    "\t",
    " ",
    "=",
    "1",
    "%AXIS_0%",
    "%AXIS_1%",
    "%AXIS_2%",
    "%SCALE_DATASET%",
  );
  const text = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(""));
  const template = fc
    .shuffledSubarray(["%AXIS_0%", "%AXIS_1%", "%AXIS_2%", "%SCALE_DATASET%", "/", "_", "-"], {
      minLength: 5,
    })
    .map((pieces) => pieces.join(""));
  const number = fc.oneof(fc.nat(20), fc.nat(2000));
  const place = fc.record({ depth: number, row: number, col: number, zoomLevel: fc.nat(12) });

  test.prop([
    fc.oneof(text, template),
    text,
    fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13),
    place,
    place,
  ])("never ask the same address", (path, fileExtension, tileSourceType, one, other) => {
    const mirror = mirrorOf({ imageBase: `https://h/${path}`, fileExtension, tileSourceType });
    if (!mirror.isSupported) return;
    const [a, b] = [one, other].map((at) => {
      const zoomLevel = mirror.hasZoomLevel(at.zoomLevel) ? at.zoomLevel : 0;
      const tile = new TileIndex({ ...at, zoomLevel, width: 512, height: 512 });
      const url = new URL(mirror.generateUrl(tile));
      return { key: tile.key, address: url.origin + url.pathname + url.search };
    });
    expect(a?.address === b?.address).toBe(a?.key === b?.key);
  });
});
