import { describe, expect, it } from "vitest";
import {
  type SampleMirror,
  type SampleTileSourceType,
  sampleStack,
} from "../../../src/sample/sample-stack.js";
import { isTransposed, sampleTileAddress } from "../../../src/sample/sample-tile-address.js";
import urls from "../../fixtures/vectors/catmaid-urls.json";

interface UrlVector {
  readonly id: string;
  readonly input: {
    readonly fn: string;
    readonly tileSourceType?: number;
    readonly imageBase?: string;
    readonly fileExtension?: string;
    readonly tileWidth?: number;
    readonly tileHeight?: number;
    readonly stack?: { readonly orientation: number };
    readonly slicePixelPosition?: readonly number[];
    readonly col?: number;
    readonly row?: number;
    readonly zoomLevel?: number;
  };
  readonly expected?: unknown;
}

const planes = ["xy", "xz", "zy"] as const;

function vectorsOf(type: number): UrlVector[] {
  return (urls as unknown as UrlVector[]).filter(({ input, expected }) => {
    if (input.fn !== "getTileURL" || input.tileSourceType !== type || typeof expected !== "string")
      return false;
    const { fileExtension = "", slicePixelPosition = [], zoomLevel = 0, imageBase = "" } = input;
    // Servers know whole sections, real file names, and scales that are not yet CATMAID's overflow.
    const single = slicePixelPosition.length === 1 && Number.isSafeInteger(slicePixelPosition[0]);
    const plain = single && Number.isInteger(zoomLevel) && zoomLevel < 31;
    const sane = zoomLevel >= 0 || (type !== 2 && type !== 3);
    const named = type === 2 || type === 8 || fileExtension === "png" || fileExtension === "jpg";
    const based = type !== 10 || imageBase.endsWith("/512_512_1/0_1/%AXIS_0%_%AXIS_1%_%AXIS_2%");
    return plain && sane && named && based && (slicePixelPosition[0] ?? 0) < 1e15;
  });
}

describe("URLs of sample tiles", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const)("are read as CATMAID writes them, type %i", (type) => {
    let read = 0;
    for (const { input, expected, id } of vectorsOf(type)) {
      const { tileWidth = 0, tileHeight = 0, col: column, row, zoomLevel } = input;
      if (type === 10 && (tileWidth !== 512 || tileHeight !== 512)) continue;
      const mirror: SampleMirror = {
        key: "vector",
        title: id,
        type: type as SampleTileSourceType,
        format: input.fileExtension === "jpg" ? "jpeg" : "png",
        tileWidth,
        tileHeight,
      };
      const stack = sampleStack({ plane: planes[input.stack?.orientation ?? 0] ?? "xy", mirrors: [mirror] });
      const { path, query } = behindBase(String(expected), input.imageBase ?? "", type);
      const address = sampleTileAddress(stack, mirror, path, query);
      expect(address, id).toMatchObject({ column, row, z: input.slicePixelPosition?.[0] });
      // Type 6 has no level in its URLs.
      if (type !== 6) expect(address, id).toMatchObject({ zoomLevel });
      read++;
    }
    expect(read).toBeGreaterThan(0);
  });

  it("between tiles, of other sizes and with other names mean nothing", () => {
    const stack = sampleStack();
    const mirrorOf = (type: number) => {
      const mirror = stack.mirrors.find((mirror) => mirror.type === type);
      if (mirror === undefined) throw new Error(`no mirror of type ${type}`);
      return mirror;
    };
    const read = (type: number, path: string, query = "") =>
      sampleTileAddress(stack, mirrorOf(type), path, new URLSearchParams(query));
    expect(read(1, "0/0_0_0.png")).toBeDefined();
    expect(read(1, "0/0_0_0.jpg")).toBeUndefined();
    expect(read(1, "0/0_0_0.png/")).toBeUndefined();
    expect(read(2, "", "x=256&y=0&width=256&height=256&scale=0.5&z=3")).toMatchObject({
      column: 1,
      zoomLevel: 1,
    });
    expect(read(2, "", "x=255&y=0&width=256&height=256&scale=0.5&z=3")).toBeUndefined();
    expect(read(2, "", "x=256&y=0&width=512&height=256&scale=0.5&z=3")).toBeUndefined();
    expect(read(2, "", "x=256&y=0&width=256&height=256&scale=0.3&z=3")).toBeUndefined();
    expect(read(6, "256_192/256_191_0/png")).toBeUndefined();
    expect(read(8, "xz/0/0_0_0")).toBeUndefined();
    expect(read(10, "s0/512_512_1/0_1/513_0_0.jpg")).toBeUndefined();
  });

  it("hold transposed tiles where DVID's do", () => {
    const transposed = planes.map((plane) => {
      const stack = sampleStack({ plane });
      return stack.mirrors.filter((mirror) => isTransposed(stack, mirror)).map(({ type }) => type);
    });
    expect(transposed).toEqual([[], [], [6, 8]]);
  });
});

/** What follows the base in a URL; the base is `imageBase`, but for the parts that the server itself names. */
function behindBase(url: string, imageBase: string, type: number): { path: string; query: URLSearchParams } {
  if (type === 2 || type === 3) {
    const after = url.slice(url.lastIndexOf("?") + 1);
    return { path: "", query: new URLSearchParams(after) };
  }
  const prefix = type === 10 ? imageBase.slice(0, imageBase.indexOf("%")) : imageBase;
  return { path: url.slice(prefix.length).split("?")[0] ?? "", query: new URLSearchParams() };
}
