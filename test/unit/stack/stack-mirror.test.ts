import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  InvalidOptionError,
  InvalidStackError,
  InvalidZoomLevelError,
  UnsupportedMirrorError,
} from "../../../src/errors.js";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import type { TileSourceSettings } from "../../../src/stack/mirror/tile-source-settings.js";
import { ProjectStack } from "../../../src/stack/project-stack.js";
import { Stack } from "../../../src/stack/stack.js";

const options: StackMirrorOptions = {
  imageBase: "http://127.0.0.1/tiles/",
  fileExtension: "png",
  tileWidth: 256,
  tileHeight: 192,
  tileSourceType: 1,
};
const json = {
  id: 5,
  title: "a mirror",
  image_base: "http://127.0.0.1/tiles/",
  file_extension: "jpg?q=80",
  tile_width: 256,
  tile_height: 192,
  tile_source_type: 4,
  position: 2,
};
const catmaidUrl = "https://example.org/catmaid/";

function firstUrl(mirror: StackMirror): string {
  return mirror.generateUrl(mirror.getTileIndex({ x: 0, y: 0, z: 0 }).tileIndex);
}

describe("StackMirror.fromJSON", () => {
  it("gives back what toJSON shows", () => {
    const mirror = StackMirror.fromJSON(json);
    expect(mirror.toJSON()).toEqual(json);
    expect(JSON.parse(JSON.stringify(mirror))).toEqual(json);
    expect(firstUrl(mirror)).toBe("http://127.0.0.1/tiles/0/0/0_0.jpg?q=80");
  });

  it("takes numbers that are text, and goes without title, position and id", () => {
    const { title: _title, position: _position, id: _id, ...rest } = json;
    const mirror = StackMirror.fromJSON({
      ...rest,
      tile_width: "256",
      tile_height: " 192.0 ",
      tile_source_type: "4",
    });
    expect(mirror.isSupported).toBe(true);
    expect(mirror.toJSON()).toEqual({ ...json, title: "", position: 0, id: null });
  });

  it("drops the dot of an extension", () => {
    expect(firstUrl(StackMirror.fromJSON({ ...json, file_extension: ".png" }))).toMatch(/0_0\.png$/);
  });

  it.each([null, undefined, 5, "x", []])("refuses %o", (value) => {
    expect(() => StackMirror.fromJSON(value)).toThrow(InvalidStackError);
  });

  it.each([
    [{ tile_source_type: 15 }, "has tile source type 15, which CATMAID does not know"],
    [{ tile_source_type: 99 }, "has tile source type 99, which CATMAID does not know"],
    [{ tile_source_type: "x" }, "has no tile_source_type that is a number"],
    [{ tile_source_type: undefined }, "has no tile_source_type that is a number"],
    [{ tile_width: undefined, tile_height: null }, "has no tile_width and tile_height that are numbers"],
    [{ tile_height: "" }, "has no tile_width and tile_height that are numbers"],
    [{ tile_width: 0 }, "has tiles of 0 × 192 pixels"],
    [{ tile_height: -5 }, "has tiles of 256 × -5 pixels"],
    [{ tile_height: 0.5 }, "has tiles of 256 × 0.5 pixels"],
    [{ tile_width: 1e9 }, "has tiles of 1000000000 × 192 pixels"],
    [{ tile_width: "0x10" }, "has no tile_width and tile_height that are numbers"],
    [{ tile_width: undefined }, "has no tile_width and tile_height that are numbers"],
    [{ image_base: undefined }, "has no image_base"],
    [{ image_base: " " }, "has no image_base"],
    [{ image_base: { href: "http://127.0.0.1/" } }, "has no image_base"],
    [{ image_base: "http://" }, "has an address that is not a URL"],
    [{ image_base: "file:///etc/passwd" }, "has a URL of scheme file: and only http(s) can be fetched"],
    [{ image_base: " fi\tle:///etc/passwd" }, "scheme file:"],
    [{ image_base: "javascript:alert(1)//" }, "scheme javascript:"],
    [{ image_base: "data:image/png;base64," }, "scheme data:"],
    [{ image_base: "gs://bucket/key" }, "scheme gs:"],
    [{ tile_source_type: 12 }, "has tiles of 256 × 192 pixels, and those of type 12 (Boss) are square"],
    [{ tile_source_type: 3 }, "is of type 3 (HDF5), whose tiles come from CATMAID itself: give catmaidUrl"],
  ])("keeps a mirror that cannot be used, with the reason: %o", (changes, reason) => {
    const mirror = StackMirror.fromJSON({ ...json, ...changes });
    expect(mirror.isSupported).toBe(false);
    expect(mirror.unsupportedReason).toContain(reason);
    expect(mirror.origin).toBeNull();
    const tile = new TileIndex({ depth: 0, row: 0, col: 0, zoomLevel: 0, height: 192, width: 256 });
    expect(() => mirror.generateUrl(tile)).toThrow(UnsupportedMirrorError);
    expect(() => mirror.generateUrl(tile)).toThrow(`mirror "a mirror" ${mirror.unsupportedReason}`);
  });
});

describe("a mirror that asks CATMAID itself", () => {
  const context = { catmaidUrl, projectId: 7, stackId: 42 };

  it.each([3, 13])("goes there, whatever its base: type %i", (tile_source_type) => {
    const image_base = "precomputed://gs://bucket/volume";
    const mirror = StackMirror.fromJSON({ ...json, tile_source_type, image_base }, context);
    expect(mirror.isSupported).toBe(true);
    expect(mirror.origin).toBe("https://example.org");
    expect(firstUrl(mirror)).toContain("https://example.org/catmaid/7/stack/42/tile?");
    expect(firstUrl(mirror)).toContain("&basename=precomputed%3A%2F%2Fgs%3A%2F%2Fbucket%2Fvolume&");
  });

  it("adds the slash that CATMAID's URL ends in, and takes one that is relative to the page", () => {
    const entry = { ...json, tile_source_type: 3 };
    const absolute = StackMirror.fromJSON(entry, { ...context, catmaidUrl: "https://example.org/catmaid" });
    expect(firstUrl(absolute)).toContain("https://example.org/catmaid/7/stack/42/tile?");
    const relative = StackMirror.fromJSON(entry, { ...context, catmaidUrl: "/catmaid/" });
    expect(firstUrl(relative)).toMatch(/^\/catmaid\/7\/stack\/42\/tile\?/);
    expect(relative.origin).toBeNull();
  });

  it("needs the ids, and an http(s) URL", () => {
    const entry = { ...json, tile_source_type: 3 };
    expect(StackMirror.fromJSON(entry, { ...context, projectId: null }).unsupportedReason).toContain(
      "give the ids",
    );
    expect(StackMirror.fromJSON(entry, { ...context, stackId: null }).unsupportedReason).toContain(
      "give the ids",
    );
    const ftp = StackMirror.fromJSON(entry, { ...context, catmaidUrl: "ftp://example.org/" });
    expect(ftp.unsupportedReason).toContain("needs CATMAID, whose catmaidUrl has a URL of scheme ftp:");
  });
});

describe("a relative address", () => {
  it.each([
    ["/tiles/a b/", "https://example.org/tiles/a b/0/0_0_0.png"],
    ["//127.0.0.1/tiles/", "https://127.0.0.1/tiles/0/0_0_0.png"],
    ["tiles/", "https://example.org/catmaid/tiles/0/0_0_0.png"],
    [" /tiles/", "https://example.org/tiles/0/0_0_0.png"],
  ])("is resolved against CATMAID's URL: %o", (imageBase, url) => {
    const mirror = new StackMirror({ ...options, imageBase, catmaidUrl });
    expect(firstUrl(mirror)).toBe(url);
    expect(mirror.origin).toBe(new URL(url).origin);
    expect(mirror.imageBase).toBe(imageBase);
  });

  it.each([
    ["https://example.org/catmaid", "https://example.org/catmaid/tiles/0/0_0_0.png"],
    ["https://example.org", "https://example.org/tiles/0/0_0_0.png"],
    ["https://example.org/a/catmaid?x=/y", "https://example.org/a/catmaid/tiles/0/0_0_0.png"],
    ["https://me:s3cret@example.org/catmaid", "https://example.org/catmaid/tiles/0/0_0_0.png"],
  ])("belongs to CATMAID's folder, whose slash may be missing: %o", (page, url) => {
    const mirror = new StackMirror({ ...options, imageBase: "tiles/", catmaidUrl: page });
    expect(firstUrl(mirror)).toBe(url);
    expect(mirror.auth).toBeUndefined();
  });

  it.each([undefined, "/catmaid/"])("stays as it is where no page is known: %o", (page) => {
    const mirror = new StackMirror({
      ...options,
      imageBase: "/tiles/",
      ...(page !== undefined && { catmaidUrl: page }),
    });
    expect(mirror.isSupported).toBe(true);
    expect(mirror.origin).toBeNull();
    expect(firstUrl(mirror)).toBe("/tiles/0/0_0_0.png");
  });

  it("leads nowhere else by a trick", () => {
    const mirror = new StackMirror({ ...options, imageBase: "/\\evil.example/", catmaidUrl });
    expect(mirror.origin).toBe(new URL(firstUrl(mirror)).origin);
  });
});

describe("credentials", () => {
  const secret = "s3cret";

  it("are given, replaced and checked", () => {
    const mirror = new StackMirror({ ...options, auth: ["me", secret] });
    expect(mirror.auth).toEqual(["me", secret]);
    mirror.auth = { token: secret };
    expect(mirror.auth).toEqual({ token: secret });
    mirror.auth = undefined;
    expect(mirror.auth).toBeUndefined();
    const wrong = { user: "me", password: secret } as unknown as { token: string };
    expect(() => new StackMirror({ ...options, auth: wrong })).toThrow(InvalidOptionError);
    expect(() => {
      mirror.auth = wrong;
    }).toThrow(InvalidOptionError);
  });

  it("are taken out of an address", () => {
    const mirror = new StackMirror({
      ...options,
      imageBase: `http://me%40home:${secret}@127.0.0.1:81/tiles/?a@b`,
    });
    expect(mirror.auth).toEqual(["me@home", secret]);
    expect(mirror.imageBase).toBe("http://127.0.0.1:81/tiles/?a@b");
    expect(mirror.origin).toBe("http://127.0.0.1:81");
    const both = new StackMirror({
      ...options,
      imageBase: "http://me:x@127.0.0.1/",
      auth: { token: secret },
    });
    expect(both.auth).toEqual({ token: secret });
    const alone = new StackMirror({ ...options, imageBase: "http://me@127.0.0.1/%zz" });
    expect(alone.auth).toEqual(["me", ""]);
  });

  it("of CATMAID's address are those of the mirrors that ask it", () => {
    const ids = { projectId: 1, stackId: 2, catmaidUrl: `https://me:${secret}@example.org/` };
    expect(new StackMirror({ ...options, ...ids, tileSourceType: 3 }).auth).toEqual(["me", secret]);
    expect(new StackMirror({ ...options, ...ids }).auth).toBeUndefined();
  });

  it("in an odd place make the mirror unusable", () => {
    for (const imageBase of [`http:/me:${secret}@127.0.0.1/`, `///me:${secret}@127.0.0.1/`]) {
      const mirror = new StackMirror({ ...options, imageBase });
      expect(mirror.unsupportedReason).toBe("has credentials in an odd place of its URL");
      expect(JSON.stringify(mirror)).not.toContain(secret);
    }
  });

  it.each([
    `http://me:${secret.slice(0, 4)}/${secret}@127.0.0.1/`,
    `http://me:x#${secret}@127.0.0.1/`,
    `http://me:x?${secret}@127.0.0.1/`,
    `http://127.0.0.1:99999/?token=${secret}`,
    `//me:x/${secret}@127.0.0.1/`,
    `me:${secret}@127.0.0.1/tiles/`,
    `ftp://me:${secret}@127.0.0.1/tiles/`,
  ])("that cannot be told from the rest of an address are not shown with it: %s", (imageBase) => {
    const mirror = new StackMirror({ ...options, imageBase });
    expect(mirror.unsupportedReason).toMatch(/that is not a URL|has a URL of scheme (me|ftp):/);
    const stack = new Stack({ dimension: { x: 1, y: 1, z: 1 }, mirrors: [mirror] });
    const shown = [mirror.unsupportedReason, inspect(mirror, { showHidden: true }), JSON.stringify(mirror)];
    for (const act of [() => firstUrl(mirror), () => new ImageFetcher(stack).mirror]) {
      expect(act).toThrow(mirror.unsupportedReason ?? "");
      expect(act).not.toThrow(secret);
    }
    expect(shown.join("\n")).not.toContain(secret);
    const ids = { projectId: 1, stackId: 2, tileSourceType: 3, catmaidUrl: imageBase };
    expect(new StackMirror({ ...options, ...ids }).unsupportedReason).not.toContain(secret);
  });

  it.each([
    [10, "http://catmaid.lab.invalid", "x@127.0.0.1:81/x.png"],
    [10, "http://catmaid.lab.invalid", "example.org/x.png"],
    [10, "http://127.0.0", "1:81/x.png"],
    [10, "http://127.0.0.1:8", "81/x.png"],
    [10, "http://127.0.0.1", "x:y@127.0.0.1.x/x.png"],
    [10, "//catmaid.lab.invalid", "example.org/x.png"],
    [10, "x", ":81/x.png"],
    [1, "http://catmaid.lab.invalid=", "png"],
    [4, "/\t", "png"],
    [1, "http:tiles/", "png"],
    [2, "https:/127.0.0.1/tiles", "png"],
  ])(
    "would go elsewhere with tiles of another origin: type %i, %j + %j",
    (type, imageBase, fileExtension) => {
      const auth = { token: secret };
      const mirror = new StackMirror({ ...options, imageBase, fileExtension, auth, tileSourceType: type });
      expect(mirror.unsupportedReason).toMatch(
        /^makes tile URLs that do not lead to the server of its image_base/,
      );
      expect(mirror.origin).toBeNull();
      expect(() => firstUrl(mirror)).toThrow(UnsupportedMirrorError);
    },
  );

  it("stay with CATMAID's own server", () => {
    const ids = { projectId: 1, stackId: 2, tileSourceType: 13 };
    const strange = new StackMirror({ ...options, ...ids, catmaidUrl: "https://example.org=" });
    expect(strange.unsupportedReason).toMatch(/do not lead to the server of its catmaidUrl/);
    const usual = new StackMirror({ ...options, ...ids, imageBase: "http://[", catmaidUrl });
    expect(usual.unsupportedReason).toBeNull();
    expect(firstUrl(usual)).toContain("&basename=http%3A%2F%2F%5B&");
  });

  it("are not shown", () => {
    const mirror = new StackMirror({
      ...options,
      imageBase: `http://me:${secret}@127.0.0.1/tiles/`,
      catmaidUrl: `https://me:${secret}@example.org/`,
    });
    const shown = [
      JSON.stringify(mirror),
      String(mirror),
      firstUrl(mirror),
      ...Object.values({ ...mirror }).map(String),
    ];
    expect(shown.join("\n")).not.toContain(secret);
    expect(Object.keys(mirror)).not.toContain("auth");
    expect(JSON.stringify({ ...mirror })).not.toContain(secret);
    const bad = new StackMirror({ ...options, imageBase: `http://me:${secret}@` });
    expect(bad.unsupportedReason).not.toContain(secret);
  });
});

describe("getTileIndex", () => {
  const mirror = new StackMirror(options);

  it.each([
    [{ x: 0, y: 0, z: 0 }, [0, 0, 0], { x: 0, y: 0, z: 0 }],
    [{ x: 256, y: 191, z: 7 }, [7, 0, 1], { x: 0, y: 191, z: 0 }],
    [{ x: -1, y: -193, z: -1 }, [-1, -2, -1], { x: 255, y: 191, z: 0 }],
    [{ x: 0.5, y: 1.25, z: 2.75 }, [2, 0, 0], { x: 0.5, y: 1.25, z: 0.75 }],
  ])("finds the tile of %o", (point, [depth, row, col], offset) => {
    const found = mirror.getTileIndex(point, 3);
    expect(found.tileIndex).toEqual(
      new TileIndex({
        depth: depth ?? 0,
        row: row ?? 0,
        col: col ?? 0,
        zoomLevel: 3,
        height: 192,
        width: 256,
      }),
    );
    expect(found.offset).toEqual(offset);
  });

  it("refuses what is no voxel of a level", () => {
    expect(() => mirror.getTileIndex({ x: 0, y: 0, z: 0 }, 0.5)).toThrow(InvalidZoomLevelError);
    expect(() => mirror.getTileIndex({ x: 0, y: 0, z: Number.NaN })).toThrow(InvalidOptionError);
  });
});

describe("generateUrl", () => {
  it.each([2.5, -3, 1e21])("prints a section of %d as CATMAID does", (depth) => {
    const index = new TileIndex({ depth, row: 0, col: 0, zoomLevel: 1.5, height: 192, width: 256 });
    expect(new StackMirror(options).generateUrl(index)).toBe(`http://127.0.0.1/tiles/${depth}/0_0_1.5.png`);
  });

  it.each([
    [100, 256],
    [192, 100],
    [256, 192],
  ])("refuses an index that counts in tiles of another size: %i high, %i wide", (height, width) => {
    const index = new TileIndex({ depth: 0, row: 0, col: 0, zoomLevel: 0, height, width });
    expect(() => new StackMirror(options).generateUrl(index)).toThrow(InvalidOptionError);
  });

  it("takes the settings out of a viewer's tile source, and nothing else of it", () => {
    const tileSource = {
      id: 3,
      baseURL: "http://127.0.0.1/",
      authToken: "very-secret",
      headers: { Authorization: "Token very-secret" },
      maxTiles: 5,
      color: null,
      getTileURL: () => "",
    };
    const mirror = new StackMirror({ ...options, tileSourceType: 7, settings: tileSource });
    expect(mirror.settings).toEqual({ maxTiles: 5 });
    expect(firstUrl(mirror)).toMatch(/\?maxTileSpecsToRender=5$/);
  });

  it("takes them from the factories of stacks and fetchers", async () => {
    const info = { dimension: [9, 9, 9], resolution: [1, 1, 1], mirrors: [{ ...json, tile_source_type: 7 }] };
    const settings = { maxTiles: 5 };
    const client = { projectId: 1, get: async () => info };
    for (const { mirrors } of [
      ProjectStack.fromStackInfo(info, { settings }),
      ImageFetcher.fromStackInfo(info, { settings }).stack,
      (await ImageFetcher.fromCatmaid(client, 1, { settings })).stack,
    ]) {
      expect(mirrors.map((mirror) => mirror.settings)).toEqual([settings]);
    }
  });

  it.each([{ maxTiles: {} }, { color: ["cyan"] }, { gamma: true }, { quality: () => 1 }])(
    "refuses settings that no URL can hold: %o",
    (settings) => {
      const make = () => new StackMirror({ ...options, settings: settings as unknown as TileSourceSettings });
      expect(make).toThrow(InvalidOptionError);
      expect(make).toThrow(/settings\.\w+ must be a number or text/);
    },
  );

  it("appends the settings of tile sources that have some", () => {
    const settings = { maxTiles: 0, color: "cyan,magenta", minIntensity: "0", gamma: 0, quality: 80 };
    const urls = [7, 9, 1].map((tileSourceType) =>
      firstUrl(new StackMirror({ ...options, tileSourceType, settings })),
    );
    expect(urls.map((url) => url.split("?")[1])).toEqual([
      "maxTileSpecsToRender=0",
      "color=cyan,magenta&min=0&quality=80",
      undefined,
    ]);
  });
});
