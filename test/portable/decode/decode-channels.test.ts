import { expect, test } from "vitest";
import { TileDecoder } from "../../../workers/decode/decode-tile.js";
import type { WantedPixels } from "../../../workers/decode/wanted-pixels.js";
import { buildPng, pngChunk } from "../../support/images/build-png.js";
import { verdictOf } from "../../support/images/decode-verdict.js";
import { jpegFixture, jpegFixtures } from "../../support/images/jpeg-fixtures.js";
import { pngFixture, pngFixtures } from "../../support/images/png-fixtures.js";
import { sha256 } from "../../support/sha-256.js";

const withKernels = new TileDecoder();
await withKernels.prepare();
const decoders: readonly (readonly [string, TileDecoder])[] = [
  ["kernels", withKernels],
  ["TypeScript", new TileDecoder()],
];
const limit = { width: 200, height: 200 };
const files = [
  ...pngFixtures.map(({ png, ...fixture }) => ({ ...fixture, file: png })),
  ...jpegFixtures.map(({ jpeg, ...fixture }) => ({ ...fixture, bits: 8, file: jpeg })),
];

test.each(decoders)("%s: every channel of every file in colour or with alpha", async (_, decoder) => {
  let checked = 0;
  for (const { name, file, bits, channels, width, height } of files) {
    const dataType = bits === 16 ? "uint16" : "uint8";
    for (const [channel, hash] of Object.entries(channels)) {
      const image = decoder.decode(file, limit, { dataType, channel: Number(channel) });
      expect([image.width, image.height, await sha256(image.data)], `${name}, ${channel}`).toEqual([
        width,
        height,
        hash,
      ]);
      expect(image.data.buffer.byteLength, name).toBe((width * height * bits) / 8);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(250);
});

test.each(decoders)("%s: channel 0 of a grey file is its grey", (_, decoder) => {
  for (const { name, file, bits, channels, grey } of files) {
    if (channels[1] !== undefined) continue;
    const dataType = bits === 16 ? "uint16" : "uint8";
    expect(decoder.decode(file, limit, { dataType, channel: 0 }).data, name).toEqual(grey);
  }
});

test.each(decoders)("%s: what a file does not have is an error that says so", (_, decoder) => {
  for (const { name, file, bits, channels } of files) {
    for (const channel of [1, 2, 3]) {
      if (channels[channel] !== undefined) continue;
      const wanted: WantedPixels = { dataType: bits === 16 ? "uint16" : "uint8", channel };
      expect(
        verdictOf(() => decoder.decode(file, limit, wanted)),
        name,
      ).toBe("unsupported-image");
    }
  }
  const ask = (file: Uint8Array, channel: number) => () =>
    decoder.decode(file, limit, { dataType: "uint8", channel });
  expect(ask(pngFixture("grey-8").png, 1)).toThrow("the PNG is grey and has no green (channel: 1)");
  expect(ask(pngFixture("palette-8").png, 3)).toThrow("the PNG is in colour and has no alpha (channel: 3)");
  expect(ask(jpegFixture("grey").jpeg, 2)).toThrow("the JPEG file is grey and has no blue (channel: 2)");
  expect(ask(jpegFixture("colour-420").jpeg, 3)).toThrow(
    "the JPEG file is in colour and has no alpha (channel: 3)",
  );
});

test.each(decoders)("%s: 16 bits of grey, and files of 8 with their values", (_, decoder) => {
  for (const { name, file, grey, width, height } of files) {
    const image = decoder.decode(file, limit, { dataType: "uint16", channel: "grey" });
    expect(image, name).toMatchObject({ width, height });
    expect(image.data, name).toEqual(new Uint16Array(grey));
    expect(image.data.buffer.byteLength, name).toBe(2 * width * height);
  }
});

test.each(decoders)("%s: 16 bits where 8 are asked for are an error that names the option", (_, decoder) => {
  for (const { file, bits } of files) {
    if (bits === 8) continue;
    expect(() => decoder.decode(file, limit)).toThrow(
      'the PNG has 16 bits a sample, which voxels of 8 do not hold: ask for dataType: "uint16"',
    );
  }
});

const transparency = (...bytes: number[]) => pngChunk("tRNS", Uint8Array.from(bytes));
const palette = pngChunk("PLTE", Uint8Array.of(1, 2, 3, 4, 5, 6));
const wrongSum = transparency(0, 7);
wrongSum[wrongSum.length - 1] = (wrongSum[wrongSum.length - 1] ?? 0) ^ 1;
const badTransparency = [
  { what: "a wrong checksum", colour: 0, before: [wrongSum] },
  { what: "three bytes for a grey", colour: 0, before: [transparency(0, 7, 0)] },
  { what: "one grey for a colour", colour: 2, before: [transparency(0, 7)] },
  { what: "no bytes for a palette", colour: 3, before: [palette, transparency()] },
  { what: "more bytes than the palette has colours", colour: 3, before: [palette, transparency(1, 2, 3)] },
  { what: "a place before the palette", colour: 3, before: [transparency(1), palette] },
  { what: "another after it", colour: 0, before: [transparency(0, 7), transparency(0, 8)] },
  { what: "a place behind the data", colour: 0, after: [transparency(0, 7), pngChunk("IEND")] },
];

for (const [kind, decoder] of decoders) {
  test.each(badTransparency)(`${kind}: tRNS with $what: alpha is refused, the rest is read`, (bad) => {
    const { what: _, ...pieces } = bad;
    const rows = new Uint8Array(pieces.colour === 2 ? 14 : 6);
    const png = buildPng({ ...{ width: 2, height: 2, rows }, ...pieces });
    const alpha = verdictOf(() => decoder.decode(png, limit, { dataType: "uint8", channel: 3 }));
    expect(alpha).toBe("corrupt-image");
    expect(decoder.decode(png, limit, { dataType: "uint8", channel: 0 }).data).toHaveLength(4);
  });
}

test.each(decoders)("%s: a file with alpha needs no tRNS, whatever it says", (_, decoder) => {
  const rows = Uint8Array.of(0, 10, 20, 0, 30, 40);
  const png = buildPng({ width: 1, height: 2, colour: 4, rows, before: [wrongSum] });
  expect([...decoder.decode(png, limit, { dataType: "uint8", channel: 3 }).data]).toEqual([20, 40]);
});
