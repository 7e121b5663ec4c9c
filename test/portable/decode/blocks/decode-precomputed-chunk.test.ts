import { gzipSync } from "fflate";
import { expect, test } from "vitest";
import { DecodeFailure } from "../../../../src/errors.js";
import type { Triple } from "../../../../src/space/axis-order.js";
import { createVoxels, dataTypes, type Voxels } from "../../../../src/space/data-type.js";
import { reorderAxes } from "../../../../workers/decode/axes/reorder-axes.js";
import { decodeTile, prepareDecoders } from "../../../../workers/decode/decode-tile.js";
import { decodePrecomputedChunk } from "../../../../workers/decode/precomputed/decode-precomputed-chunk.js";
import type { PrecomputedCodec } from "../../../../workers/protocol.js";
import { encodeCompressedSegmentation } from "../../../support/block-files/encode-compressed-segmentation.js";
import { buildPng, joinBytes } from "../../../support/images/build-png.js";
import { jpegFixture } from "../../../support/images/jpeg-fixtures.js";
import { pngFixture } from "../../../support/images/png-fixtures.js";

await prepareDecoders();

const html = new TextEncoder().encode("<!doctype html><title>404</title><h1>Not Found</h1>");
const plain: PrecomputedCodec = {
  ...{ kind: "precomputed", dataType: "uint8", encoding: { kind: "raw" }, gzip: false },
  ...{ channels: 1, channel: 0, axes: [2, 1, 0] },
};
const png: PrecomputedCodec = { ...plain, encoding: { kind: "png" } };
const jpeg: PrecomputedCodec = { ...plain, encoding: { kind: "jpeg" } };

/** The voxels, or the reason and the message of the refusal. */
async function verdict(body: Uint8Array, codec: PrecomputedCodec, shape: Triple): Promise<Voxels | string> {
  try {
    const { data, shape: shapeOfBlock } = await decodePrecomputedChunk(body, codec, shape);
    expect(shapeOfBlock).toEqual(shape);
    expect(data.length).toBe(shape[0] * shape[1] * shape[2]);
    expect(data.buffer.byteLength).toBe(data.byteLength);
    expect(data.buffer).not.toBe(body.buffer);
    return data;
  } catch (cause) {
    if (!(cause instanceof DecodeFailure)) throw cause;
    return `${cause.reason}: ${cause.message}`;
  }
}

function numbered(length: number, from = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => Math.imul(from + i, 0x9e3779b1) >>> 24);
}

test.each(dataTypes)(
  "raw %s, wherever in a buffer the chunk begins, and each of its channels",
  async (dataType) => {
    const size = createVoxels(dataType, 1).BYTES_PER_ELEMENT;
    const channelBytes = 24 * size;
    for (let begin = 0; begin < 3; begin++) {
      const body = numbered(3 * channelBytes + 8).subarray(begin, begin + 3 * channelBytes);
      for (let channel = 0; channel < 3; channel++) {
        const expected = createVoxels(dataType, 24);
        new Uint8Array(expected.buffer).set(
          body.subarray(channel * channelBytes, (channel + 1) * channelBytes),
        );
        expect(await verdict(body, { ...plain, dataType, channels: 3, channel }, [2, 3, 4])).toEqual(
          expected,
        );
      }
    }
  },
);

test("the axes of the volume are laid along those of the stack", async () => {
  const body = numbered(24);
  // Width 4, height 3, depth 2 of the volume; z, y, x of the stack are its y, x and z.
  const found = await verdict(body, { ...plain, axes: [1, 0, 2] }, [3, 4, 2]);
  expect(found).toEqual(reorderAxes(body, [4, 3, 2], [1, 0, 2]));
});

test("FORMATS trap 4: a raw chunk shorter or longer than its voxels is refused, a full one at the edge too", async () => {
  for (const length of [1, 23, 25, 48]) {
    expect(await verdict(numbered(length, 1), plain, [2, 3, 4])).toBe(
      `wrong-size: the chunk has ${length} bytes where 24 voxels of 1 × uint8 take 24`,
    );
  }
});

test("FORMATS trap 1: what is no chunk is called what it is", async () => {
  const codecs = [plain, png, jpeg, { ...plain, dataType: "uint64" as const }];
  const segmentation = { kind: "compressed_segmentation", blockSize: [8, 8, 8] } as const;
  for (const codec of [...codecs, { ...plain, dataType: "uint64" as const, encoding: segmentation }]) {
    expect(await verdict(html, codec, [2, 3, 4])).toMatch(/^not-an-image: it is an HTML page, not a/);
    expect(await verdict(new Uint8Array(0), codec, [2, 3, 4])).toMatch(/^not-an-image: .* empty/);
    expect(await verdict(gzipSync(numbered(24)), codec, [2, 3, 4])).toMatch(/^not-an-image: .*gzip/);
  }
});

const greyPng = pngFixture("grey-8");

test("FORMATS trap 18: an image of any width, as long as it has the pixels", async () => {
  const { width, height, grey } = greyPng;
  expect(await verdict(greyPng.png, png, [1, height, width])).toEqual(grey);
  expect(await verdict(greyPng.png, png, [height, width, 1])).toEqual(grey);
  expect(await verdict(greyPng.png, png, [1, 1, width * height])).toEqual(grey);
  const file = jpegFixture("grey");
  expect(await verdict(file.jpeg, jpeg, [file.width, 1, file.height])).toEqual(file.grey);
});

test("FORMATS trap 18: an image of another area is refused before it is decoded", async () => {
  const { width, height } = greyPng;
  const shapes: Triple[] = [
    [1, height, width - 1],
    [1, height, width + 1],
    [2, height, width],
  ];
  for (const shape of shapes)
    expect(await verdict(greyPng.png, png, shape)).toMatch(
      /^wrong-size: the PNG has 37 × 23 pixels where a chunk/,
    );
  const file = jpegFixture("grey");
  expect(await verdict(file.jpeg, jpeg, [1, 1, 1])).toMatch(/^wrong-size: the JPEG image has/);
  const huge = buildPng({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, rows: new Uint8Array(9) });
  expect(await verdict(huge, png, [64, 64, 64])).toMatch(/^wrong-size/);
});

test("FORMATS trap 18: PNG of 16 bits, and none of 8 where the volume has 16, nor the other way round", async () => {
  const deep = pngFixture("grey-16");
  const shape: Triple = [1, deep.height, deep.width];
  expect(await verdict(deep.png, { ...png, dataType: "uint16" }, shape)).toEqual(deep.grey);
  expect(await verdict(deep.png, png, shape)).toBe(
    "unsupported-image: the PNG has 1 channels of 16 bits where the volume has 1 of 8",
  );
  expect(await verdict(greyPng.png, { ...png, dataType: "uint16" }, [1, greyPng.height, greyPng.width])).toBe(
    "unsupported-image: the PNG has 1 channels of 8 bits where the volume has 1 of 16",
  );
});

test("FORMATS trap 18: colours where the volume has one channel are refused, and grey where it has three", async () => {
  const colour = jpegFixture("colour-444");
  expect(await verdict(colour.jpeg, jpeg, [1, colour.height, colour.width])).toBe(
    "unsupported-image: the JPEG file has 3 channels of 8 bits where the volume has 1 of 8",
  );
  const rgb = pngFixture("rgb-8");
  expect(await verdict(rgb.png, png, [1, rgb.height, rgb.width])).toMatch(
    /^unsupported-image: .* 3 channels/,
  );
  for (const channel of [0, 1, 2]) {
    const three = { ...png, channels: 3, channel };
    expect(await verdict(greyPng.png, three, [1, 23, 37])).toMatch(/^unsupported-image: .* 1 channels/);
  }
});

test.each([
  ["a JPEG of 3", 3, jpegFixture("colour-444").jpeg, 8],
  ["a PNG of 3", 3, pngFixture("rgb-8").png, 8],
  ["a PNG of 4", 4, pngFixture("rgb-alpha-8").png, 8],
  ["a PNG of 2", 2, pngFixture("grey-alpha-8").png, 8],
  ["a PNG of 3, of 16 bits", 3, pngFixture("rgb-16").png, 16],
] as const)("%s channels: each of them", async (_, channels, file, bits) => {
  const dataType = bits === 16 ? "uint16" : "uint8";
  const limit = { width: 500, height: 500 };
  for (let channel = 0; channel < channels; channel++) {
    const name = channels === 2 && channel === 1 ? 3 : channel;
    const expected = decodeTile(file, limit, { dataType, channel: name });
    const codec = { ...png, dataType, channels, channel } as const;
    expect(await verdict(file, codec, [expected.height, 1, expected.width])).toEqual(expected.data);
  }
});

test("a channel that the volume does not have is refused", async () => {
  expect(await verdict(numbered(24), { ...plain, channel: 1 }, [2, 3, 4])).toMatch(
    /^unsupported-image: it has 1/,
  );
});

test("images hold no other data types, compressed_segmentation no small ones", async () => {
  const segmentation = { kind: "compressed_segmentation", blockSize: [8, 8, 8] } as const;
  expect(await verdict(greyPng.png, { ...png, dataType: "float32" }, [1, 23, 37])).toMatch(
    /^unsupported-image/,
  );
  expect(await verdict(greyPng.png, { ...jpeg, dataType: "uint16" }, [1, 23, 37])).toMatch(
    /^unsupported-image/,
  );
  expect(await verdict(greyPng.png, { ...plain, encoding: segmentation }, [1, 23, 37])).toMatch(
    /^unsupported-image/,
  );
});

const ids = BigUint64Array.from({ length: 24 }, (_, i) => [2n ** 53n + 1n, 2n ** 64n - 1n, 0n][i % 3] ?? 0n);
const labels: PrecomputedCodec = {
  ...{ ...plain, dataType: "uint64", gzip: true, axes: [0, 1, 2] },
  encoding: { kind: "compressed_segmentation", blockSize: [2, 2, 2] },
};
const segmentationFile = encodeCompressedSegmentation({ data: ids, extent: [4, 3, 2], blockSize: [2, 2, 2] });

test("FORMATS trap 28: gzipped ids beyond 2^53, turned round", async () => {
  const decoded = await decodePrecomputedChunk(gzipSync(segmentationFile), labels, [4, 3, 2]);
  expect(decoded).toEqual({
    data: reorderAxes(ids, [4, 3, 2], [0, 1, 2]),
    shape: [4, 3, 2],
    decoder: "precomputed-gzip-compressed_segmentation",
  });
});

test("gzip around each encoding", async () => {
  const { width, height, grey } = greyPng;
  expect(await verdict(gzipSync(greyPng.png), { ...png, gzip: true }, [1, height, width])).toEqual(grey);
  const file = jpegFixture("grey");
  const shape: Triple = [1, file.height, file.width];
  expect(await verdict(gzipSync(file.jpeg), { ...jpeg, gzip: true }, shape)).toEqual(file.grey);
  expect(await verdict(gzipSync(numbered(24)), { ...plain, gzip: true }, [2, 3, 4])).toEqual(numbered(24));
});

test("FORMATS trap 1: gzip that is cut, flipped, none, or unpacks to far too much is refused", async () => {
  const codec = { ...plain, gzip: true };
  const shape: Triple = [20, 30, 40];
  const packed = gzipSync(numbered(24_000));
  for (const damaged of [
    packed.subarray(0, packed.length / 2),
    packed.subarray(0, -4),
    html,
    new Uint8Array(0),
  ])
    expect(await verdict(damaged, codec, shape)).toMatch(/^(corrupt|not-an)-image/);
  for (let at = 10; at < packed.length; at += 701) {
    const flipped = packed.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 4;
    expect(await verdict(flipped, codec, shape), `byte ${at}`).toMatch(/^(corrupt-image|wrong-size)/);
  }
  expect(await verdict(gzipSync(new Uint8Array(1 << 26)), codec, shape)).toMatch(
    /^(wrong-size|corrupt-image)/,
  );
  expect(await verdict(gzipSync(new Uint8Array(1 << 26)), labels, [4, 3, 2])).toMatch(
    /^(wrong-size|corrupt-image)/,
  );
  expect(await verdict(joinBytes([packed, packed]), codec, shape)).toMatch(/^(wrong-size|corrupt-image)/);
});
