import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRoiText } from "../../../src/cli/input/roi-text.js";
import { messageText } from "../../../src/cli/output/message-text.js";
import { montage } from "../../../src/cli/output/montage.js";
import { formatOf } from "../../../src/cli/output/output-format.js";
import { plainText, titleText } from "../../../src/cli/output/plain-text.js";
import { bytesText, countText, timeText } from "../../../src/cli/output/quantity-text.js";

const extent = { lower: { x: 0, y: 0, z: 0 }, upper: { x: 100, y: 200, z: 300 } };
const parse = (text: string) => parseRoiText(text, "stack", "zyx", extent);

describe("parseRoiText", () => {
  it("reads ranges, lengths, single voxels and what is left open", () => {
    expect(parse("x=1:2,y=3:4,z=5:6")).toEqual([
      [5, 3, 1],
      [6, 4, 2],
    ]);
    expect(parse("z=7, Y = 10+5")).toEqual([
      [7, 10, 0],
      [8, 15, 100],
    ]);
    expect(parse("x=:50,y=20:,z=-3:-1")).toEqual([
      [-3, 20, 0],
      [-1, 200, 50],
    ]);
    expect(parse("x=1.5:2e1,y=.5+.25,z=:")).toEqual([
      [0, 0.5, 1.5],
      [300, 0.75, 20],
    ]);
    expect(parse("all")).toEqual([
      [0, 0, 0],
      [300, 200, 100],
    ]);
  });

  it("puts columns in the order of the axes", () => {
    expect(parseRoiText("x=1:2,y=3:4,z=5:6", "scaled", "yxz", extent)).toEqual([
      [3, 1, 5],
      [4, 2, 6],
    ]);
  });

  it("reads back any bounds that were written down", () => {
    // −0 is written as 0.
    const bound = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    fc.assert(
      fc.property(bound, bound, (from, to) => {
        expect(parse(`y=${from}:${to}`)).toEqual([
          [0, from, 0],
          [300, to, 100],
        ]);
      }),
    );
  });

  it.each([
    ["", /has ""/],
    ["x=1:2,", /has ""/],
    ["q=1:2", /"q=1:2"/],
    ["x=1:2:3", /"x=1:2:3"/],
    ["x=NaN:2", /not like/],
    ["x=0x10:20", /not like/],
    ["x=1:2,x=3:4", /names the axis x twice/],
    ["x=5+", /without a length/],
    ["z=1.5", /has z=1\.5, which is no voxel: give a range such as z=1\.5\+1$/],
  ])("refuses %j", (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it("wants ranges in nanometres", () => {
    expect(() => parseRoiText("z=40", "project", "zyx", extent)).toThrow(/needs a range: z=40\+40/);
  });
});

describe("quantities", () => {
  it("are written for people", () => {
    expect([0, 1, 1023, 1024, 1536, 5e9, 2 ** 47].map(bytesText)).toEqual([
      "0 bytes",
      "1 byte",
      "1023 bytes",
      "1.0 KiB",
      "1.5 KiB",
      "4.7 GiB",
      "128 TiB",
    ]);
    expect([0.25, 42.4, 1500, 99_940, 125_000, 179_700, 7_198_000, 1e9].map(timeText)).toEqual([
      "0.3 ms",
      "42 ms",
      "1.5 s",
      "99.9 s",
      "2 min 5 s",
      "3 min 0 s",
      "2 h 0 min",
      "12 days",
    ]);
    expect([countText(1, "tile"), countText(61_440, "tile")]).toEqual(["1 tile", "61,440 tiles"]);
  });
});

describe("messageText", () => {
  it.each([
    [
      'the server has no such tile (HTTP 404 from http://h/missingTile/0); missingTile: "fill" would fill it',
      "the server has no such tile (HTTP 404 from http://h/missingTile/0); --missing fill would fill it",
    ],
    [
      "choose a region without it or another brokenSliceHandling",
      "choose a region without it or another value of --broken-slices",
    ],
    ['brokenSliceHandling "above" finds no', "--broken-slices above finds no"],
    ["comes from CATMAID itself: give catmaidUrl", "comes from CATMAID itself: give --server"],
    ["baseUrl must be an http or https URL, not ftp:", "--server must be an http or https URL, not ftp:"],
    [
      "not taken there: give the final address as baseUrl",
      "not taken there: give the final address as STACK or --server",
    ],
    [
      "refused; check the address, and in a browser also CORS, connect-src, mixed content and local network permission",
      "refused; check the address",
    ],
    ["http://h/?baseUrl=1&catmaidUrl=2", "http://h/?baseUrl=1&catmaidUrl=2"],
    [
      "HTTP status 401; check the credentials of this mirror (auth)",
      "HTTP status 401; check the credentials of this mirror (--mirror-user or --mirror-token)",
    ],
    [
      "check the credentials of this mirror (auth), or the headers that it wants (headers)",
      "check the credentials of this mirror (--mirror-user or --mirror-token), or the headers that it wants (--mirror-header)",
    ],
    [
      "answered with status 401: Unauthorized; no credentials were sent",
      "answered with status 401: Unauthorized; no credentials were sent: give --token or --user",
    ],
    ["http://h/x answered with status 404", "http://h/x answered with status 404; check the address"],
    [
      "http://h/x answered with status 404: Not Found",
      "http://h/x answered with status 404: Not Found; check the address",
    ],
    [
      "missingStatuses cannot have 302: such redirects are followed",
      "--missing-status cannot have 302: such redirects are followed",
    ],
    [
      "HDF5 files need the package h5wasm: npm install h5wasm",
      "HDF5 files need the package h5wasm: npm install h5wasm, with --global if catmaid-image was installed so",
    ],
    [
      "fillValue must be a whole number of uint64, as a bigint where it is not a safe number, got -5",
      "--fill must be a whole number of uint64, got -5",
    ],
  ])("says %j in the words of the command line", (message, shown) => {
    expect(messageText(message)).toBe(shown);
    expect(messageText(shown)).toBe(shown);
  });
});

describe("plainText", () => {
  it("is one line, and moves no cursor", () => {
    expect(plainText("a\u001b[31mred\r\nb\u2028c\u009bd\u202ee\u0007")).toBe("a [31mred b c d e");
    expect(plainText("Gehirn, 3 µm – 脳")).toBe("Gehirn, 3 µm – 脳");
  });
});

describe("titleText", () => {
  it("keeps a line a line, however long the title", () => {
    expect(titleText("a\u200fb\nc")).toBe("a b c");
    expect(titleText("脳".repeat(120))).toBe("脳".repeat(120));
    expect([...titleText("🧠".repeat(121))]).toEqual([..."🧠".repeat(119), "…"]);
  });
});

describe("formatOf", () => {
  it.each([
    ["v.npy", undefined, "npy"],
    ["v.PNG", undefined, "png"],
    ["v.raw", "raw", "raw"],
    ["v", "npy", "npy"],
    ["a.b/v", "raw", "raw"],
    ["v.2024-01-02", "npy", "npy"],
    ["v.bin", "raw", "raw"],
  ] as const)("takes %s with %s", (path, format, kind) => {
    expect(formatOf(path, format)).toBe(kind);
  });

  it.each(["nii.gz", "npy.gz", "mrc", "jpg", "ome.zarr.tar"])(
    "says of v.%s that this is not written, whatever --format says",
    (ending) => {
      for (const format of [undefined, "npy", "raw"] as const) {
        expect(() => formatOf(`v.${ending}`, format)).toThrow(
          /^"v\..*": \.[a-z0-9]+ files are not written; npy, /,
        );
      }
    },
  );

  it("refuses a format that contradicts the ending", () => {
    expect(() => formatOf("v.npy", "png")).toThrow('"v.npy" ends in .npy, and --format says png');
    expect(() => formatOf("v.raw", "npy")).toThrow('"v.raw" ends in .raw, and --format says npy');
  });

  it("asks where the ending says nothing", () => {
    expect(() => formatOf("v.out", undefined)).toThrow("Say so with --format");
  });
});

describe("montage", () => {
  it("lays planes out line by line", () => {
    const data = Uint8Array.from({ length: 3 * 1 * 2 }, (_, i) => i + 1);
    const { width, height, data: picture } = montage(data, [3, 1, 2], 2);
    expect([width, height]).toEqual([8, 6]);
    const white = (length: number): number[] => new Array(length).fill(255);
    expect([...picture]).toEqual([1, 2, ...white(4), 3, 4, ...white(4 * 8), 5, 6, ...white(6)]);
  });

  it("is about square by itself, and the plane where there is one", () => {
    expect(montage(new Uint8Array(9 * 100), [9, 10, 10])).toMatchObject({ width: 38, height: 38 });
    const plane = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect(montage(plane, [1, 2, 3])).toEqual({ width: 3, height: 2, data: plane });
  });
});
