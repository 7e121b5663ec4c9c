import { expect } from "vitest";
import { InvalidOptionError, InvalidZoomLevelError } from "../../../src/errors.js";
import { stackOrientations } from "../../../src/space/stack-orientation.js";
import { authHeaders } from "../../../src/stack/mirror/auth.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { tileSourceOf } from "../../../src/stack/mirror/tile-source.js";
import type { TileSourceSettings } from "../../../src/stack/mirror/tile-source-settings.js";
import rows from "../../fixtures/vectors/catmaid-urls.json" with { type: "json" };
import { isOfBlocks } from "../../support/blocks/block-vectors.js";
import { type RecordedMirror, recordedMirror } from "../../support/model/recorded-mirror.js";
import type { VectorCheck, VectorRow } from "../../support/model/vectors.js";
import { checkVectors } from "../../support/model/vectors.js";

interface UrlInput extends RecordedMirror {
  readonly slicePixelPosition: readonly [number];
  readonly col: number;
  readonly row: number;
  readonly zoomLevel: number;
  readonly settings?: TileSourceSettings;
}

function inputOf(row: VectorRow): UrlInput {
  return row.input as unknown as UrlInput;
}

function ours(input: UrlInput): string {
  const mirror = recordedMirror(input);
  return mirror.generateUrl(
    new TileIndex({
      depth: input.slicePixelPosition[0],
      row: input.row,
      col: input.col,
      zoomLevel: input.zoomLevel,
      height: input.tileHeight,
      width: input.tileWidth,
    }),
  );
}

function withSlash(input: UrlInput): UrlInput {
  return { ...input, imageBase: /[/=]$/.test(input.imageBase) ? input.imageBase : `${input.imageBase}/` };
}

function imageblkUrl(input: UrlInput): string {
  const { imageBase, tileWidth, tileHeight, fileExtension, col, row, stack } = withSlash(input);
  const [x, y, z] = [col * tileWidth, row * tileHeight, input.slicePixelPosition[0]];
  const offset = stack.orientation === 1 ? [x, z, y] : stack.orientation === 2 ? [z, y, x] : [x, y, z];
  return `${imageBase}${tileWidth}_${tileHeight}/${offset.join("_")}/${fileExtension}`;
}

const tileUrl: VectorCheck = {
  same: (row) => expect(ours(inputOf(row))).toBe(row.expected),
  other: {
    "missing-slash": (row) => {
      const input = inputOf(row);
      if (input.tileSourceType === 6) return;
      const expected = String(row.expected).replace(input.imageBase, () => `${input.imageBase}/`);
      expect(ours(input)).toBe(expected);
    },
    scale: (row) => {
      const scale = 2 ** -inputOf(row).zoomLevel;
      expect(ours(inputOf(row))).toBe(String(row.expected).replace(/([?&]scale=)[^&]*/, `$1${scale}`));
    },
    "imageblk-has-one-level": (row) => {
      expect(() => ours(inputOf(row))).toThrow(InvalidZoomLevelError);
      const levelZero = { ...inputOf(row), zoomLevel: 0 };
      expect(ours(levelZero)).toBe(imageblkUrl(levelZero));
    },
    "imageblk-xz-zy": (row) => {
      expect(row.throws).toMatchObject({ name: "ReferenceError" });
      expect(ours(inputOf(row))).toBe(imageblkUrl(inputOf(row)));
    },
    "orientation-3": (row) => expect(() => ours(inputOf(row))).toThrow(InvalidOptionError),
    "orientation-text": (row) => {
      const input = inputOf(row);
      expect(input.stack.orientation).toBe("0");
      expect(ours(input)).toBe(ours({ ...input, stack: { ...input.stack, orientation: 0 } }));
    },
  },
};

const transposeTiles: VectorCheck = {
  same: (row) => {
    const transposed = stackOrientations.flatMap((orientation, number) => {
      const { tileSourceType } = inputOf(row);
      const mirror = new StackMirror({ ...square, tileSourceType, orientation });
      return mirror.transposed ? [number] : [];
    });
    expect(transposed).toEqual(row.expected);
  },
};

const square = {
  imageBase: "https://tiles.example.org/",
  fileExtension: "png",
  tileWidth: 512,
  tileHeight: 512,
} as const;

const newTileSource: VectorCheck = {
  same: (row) => expect(mirrorOf(row).isSupported).toBe(row.expected),
  other: {
    "unknown-type": (row) => {
      expect(mirrorOf(row).isSupported).toBe(false);
      expect(mirrorOf(row).unsupportedReason).toMatch(/does not know|are square|no tile_source_type/);
    },
  },
};

function mirrorOf(row: VectorRow): StackMirror {
  const { tileSourceType, tileWidth = 512, tileHeight = 512 } = row.input as Partial<UrlInput>;
  const type = typeof tileSourceType === "number" ? tileSourceType : Number.NaN;
  return new StackMirror({ ...square, tileSourceType: type, tileWidth, tileHeight });
}

const typeIsImageBlockSource: VectorCheck = {
  same: (row) => {
    const source = tileSourceOf(inputOf(row).tileSourceType);
    expect(source).toBeDefined();
    expect(source?.url === undefined).toBe(row.expected);
  },
};

const getRequestHeaders: VectorCheck = {
  same: async (row) => {
    const { authToken } = row.input.settings as { readonly authToken?: string };
    const auth = authToken === undefined ? undefined : { token: authToken };
    expect(await authHeaders(auth, "Authorization")).toEqual(row.expected);
  },
};

const checks: Readonly<Record<string, VectorCheck>> = {
  getTileURL: tileUrl,
  transposeTiles,
  typeIsImageBlockSource,
  getRequestHeaders,
  "TileSources.get": newTileSource,
};

const ofTiles = (rows as unknown as readonly VectorRow[]).filter((row) => !isOfBlocks(row));

checkVectors("catmaid-urls", ofTiles, (row) => checks[String(row.input.fn)]);
