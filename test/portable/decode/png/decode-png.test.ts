import { expect, test } from "vitest";
import { decodePng } from "../../../../workers/decode/png/decode-png.js";
import { decodePngWasm } from "../../../../workers/decode/png/decode-png-wasm.js";
import { buildPng, joinBytes, pngChunk, pngSignature } from "../../../support/images/build-png.js";
import { verdictOf } from "../../../support/images/decode-verdict.js";
import { kernelsForTests } from "../../../support/images/kernels-for-tests.js";
import { pngFixture, pngFixtures } from "../../../support/images/png-fixtures.js";

const kernels = await kernelsForTests();
const decoders = [
  { decoder: "TypeScript", decode: decodePng },
  {
    decoder: "WebAssembly",
    decode: (bytes: Uint8Array, limit: { width: number; height: number }) =>
      decodePngWasm(kernels, bytes, limit),
  },
];
const large = { width: 1000, height: 1000 };

test.each(pngFixtures)("$name gives its samples", ({ png, grey, width, height }) => {
  const decoded = decodePng(png, { width, height }, { dataType: "uint16", channel: "grey" });
  expect({ width: decoded.width, height: decoded.height }).toEqual({ width, height });
  expect(decoded.data).toEqual(grey);
});

test.each(decoders)("$decoder: every 8-bit fixture, in a buffer of its own", ({ decode }) => {
  for (const { name, bits, png, grey, width, height } of pngFixtures) {
    if (bits === 16) continue;
    const decoded = decode(png, { width, height });
    expect(decoded, name).toEqual({ data: grey, width, height });
    expect(decoded.data.buffer.byteLength, name).toBe(width * height);
  }
});

test.each(decoders)("$decoder: the file may be any part of a larger buffer", ({ decode }) => {
  const { png, grey } = pngFixture("grey-8");
  const buffer = new Uint8Array(png.length + 20).fill(255);
  buffer.set(png, 7);
  expect(decode(buffer.subarray(7, 7 + png.length), large).data).toEqual(grey);
  expect(decode(joinBytes([png, new Uint8Array(33)]), large).data).toEqual(grey);
});

test.each(decoders)("$decoder: files of different sizes one after another", ({ decode }) => {
  const files = [pngFixture("rgb-8"), pngFixture("one-pixel-grey-8"), pngFixture("deflate-long-codes")];
  for (const { name, png, grey } of [...files, ...files.reverse()]) {
    expect(decode(png, large).data, name).toEqual(grey);
  }
});

const long = new Uint8Array(40).fill(1);
const refusals = [
  { what: "no bytes", reason: "not-an-image", png: new Uint8Array(0) },
  { what: "no signature", reason: "not-an-image", png: new Uint8Array(200) },
  { what: "the signature alone", reason: "corrupt-image", png: pngSignature },
  {
    what: "no header chunk",
    reason: "corrupt-image",
    png: joinBytes([pngSignature, pngChunk("IDAT", long)]),
  },
  { what: "a width of 0", reason: "corrupt-image", png: buildPng({ width: 0, height: 4 }) },
  { what: "a height of 0", reason: "corrupt-image", png: buildPng({ width: 4, height: 0 }) },
  { what: "too wide", reason: "wrong-size", png: buildPng({ width: 1001, height: 4 }) },
  { what: "too high", reason: "wrong-size", png: buildPng({ width: 4, height: 1001 }) },
  {
    what: "100000 × 100000",
    reason: "wrong-size",
    png: buildPng({ width: 100_000, height: 100_000, rows: long }),
  },
  {
    what: "4294967295 × 1",
    reason: "wrong-size",
    png: buildPng({ width: 0xffffffff, height: 1, rows: long }),
  },
  {
    what: "an unknown colour type",
    reason: "unsupported-image",
    png: buildPng({ width: 4, height: 4, colour: 5 }),
  },
  { what: "an unknown depth", reason: "unsupported-image", png: buildPng({ width: 4, height: 4, depth: 3 }) },
  {
    what: "RGB of 4 bits",
    reason: "unsupported-image",
    png: buildPng({ width: 4, height: 4, depth: 4, colour: 2 }),
  },
  { what: "16 bits", reason: "unsupported-image", png: buildPng({ width: 4, height: 4, depth: 16 }) },
  {
    what: "an unknown compression",
    reason: "unsupported-image",
    png: buildPng({ width: 4, height: 4, compression: 1 }),
  },
  {
    what: "an unknown filter method",
    reason: "unsupported-image",
    png: buildPng({ width: 4, height: 4, filter: 64 }),
  },
  {
    what: "an unknown interlacing",
    reason: "unsupported-image",
    png: buildPng({ width: 4, height: 4, interlace: 2 }),
  },
  {
    what: "an unknown critical chunk",
    reason: "unsupported-image",
    png: buildPng({ width: 4, height: 4, before: [pngChunk("ABCD", long)] }),
  },
  { what: "no end", reason: "corrupt-image", png: buildPng({ width: 4, height: 4, after: [] }) },
  {
    what: "no image data",
    reason: "corrupt-image",
    png: joinBytes([buildPng({ width: 4, height: 4 }).subarray(0, 33), pngChunk("IEND")]),
  },
  { what: "no palette", reason: "corrupt-image", png: buildPng({ width: 4, height: 4, colour: 3 }) },
  {
    what: "a palette of 2 bytes",
    reason: "corrupt-image",
    png: buildPng({ width: 4, height: 4, colour: 3, before: [pngChunk("PLTE", new Uint8Array(2))] }),
  },
  {
    what: "a colour beyond the palette",
    reason: "corrupt-image",
    png: buildPng({
      ...{ width: 2, height: 1, colour: 3, rows: new Uint8Array([0, 0, 2]) },
      before: [pngChunk("PLTE", new Uint8Array(6))],
    }),
  },
  {
    what: "a filter that does not exist",
    reason: "corrupt-image",
    png: buildPng({ width: 2, height: 2, rows: new Uint8Array([0, 1, 1, 5, 1, 1]) }),
  },
  {
    what: "too few rows",
    reason: "corrupt-image",
    png: buildPng({ width: 4, height: 4, rows: new Uint8Array(19) }),
  },
  {
    what: "far too many rows",
    reason: "corrupt-image",
    png: buildPng({ width: 4, height: 4, rows: new Uint8Array(20 + 65_537) }),
  },
  {
    what: "a bomb",
    reason: "corrupt-image",
    png: buildPng({ width: 4, height: 4, rows: new Uint8Array(50_000_000) }),
  },
  {
    what: "far too little data for a large picture",
    reason: "corrupt-image",
    png: buildPng({ width: 1000, height: 1000, rows: new Uint8Array(10) }),
  },
] as const;

for (const { decoder, decode } of decoders) {
  test.each(refusals)(`${decoder}: $what is refused as $reason`, ({ png, reason }) => {
    expect(verdictOf(() => decode(png, large))).toBe(reason);
  });
}

test("a limit without bounds does not let absurd sizes through", () => {
  const png = buildPng({ width: 100_000, height: 100_000, rows: long });
  const limit = { width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };
  for (const { decode } of decoders) expect(verdictOf(() => decode(png, limit))).toBe("unsupported-image");
});

test("messages say what is wrong", () => {
  const png = buildPng({ width: 1001, height: 4 });
  expect(() => decodePng(png, { width: 512, height: 256 })).toThrow(
    "the PNG has 1001 × 4 pixels where a tile has at most 512 × 256",
  );
});
