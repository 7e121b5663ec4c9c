import { expect, test } from "vitest";
import { decodeJpeg } from "../../../../workers/decode/jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "../../../../workers/decode/jpeg/decode-jpeg-wasm.js";
import {
  editJpeg,
  jpegMarkers,
  jpegSegment,
  putJpegTogether,
  takeJpegApart,
} from "../../../support/images/edit-jpeg.js";
import { jpegFixture, jpegFixtures } from "../../../support/images/jpeg-fixtures.js";
import { kernelsForTests } from "../../../support/images/kernels-for-tests.js";

const kernels = await kernelsForTests();
const large = { width: 1000, height: 1000 };

/** The grey values of a file, which both decoders must agree on where the kernel takes it. */
function greyOf(jpeg: Uint8Array): Uint8Array {
  const { data } = decodeJpeg(jpeg, large);
  const fast = decodeJpegWasm(kernels, jpeg, large);
  if (fast !== undefined) expect(fast.data).toEqual(data);
  return data;
}

test.each(jpegFixtures)(
  "$name gives libjpeg's grey, in a buffer of its own",
  ({ jpeg, grey, width, height }) => {
    const decoded = decodeJpeg(jpeg, { width, height });
    expect(decoded).toEqual({ data: grey, width, height });
    expect(decoded.data.buffer.byteLength).toBe(width * height);
  },
);

test("the kernel gives the same for the kinds that it takes", () => {
  const left: string[] = [];
  for (const { name, jpeg, grey, width, height } of jpegFixtures) {
    const decoded = decodeJpegWasm(kernels, jpeg, { width, height });
    if (decoded === undefined) left.push(name);
    else {
      expect(decoded, name).toEqual({ data: grey, width, height });
      expect(decoded.data.buffer.byteLength, name).toBe(width * height);
    }
  }
  const others = left.filter((name) => !name.includes("progress"));
  expect(others).toEqual(["colour-scans-apart", "colour-scans-paired", "rgb"]);
});

test("files of different tables and sizes one after another", () => {
  const files = [
    "grey-optimized",
    "grey",
    "colour-420",
    "colour-420-optimized",
    "grey-1x1",
    "quality-100",
  ].map(jpegFixture);
  for (const { name, jpeg, grey } of [...files, ...files.reverse()]) {
    expect(greyOf(jpeg), name).toEqual(grey);
  }
});

test("the file may be any part of a larger buffer", () => {
  const { jpeg, grey } = jpegFixture("grey");
  const buffer = new Uint8Array(jpeg.length + 20).fill(255);
  buffer.set(jpeg, 7);
  expect(greyOf(buffer.subarray(7, 7 + jpeg.length))).toEqual(grey);
});

test("what follows the end marker does not matter", () => {
  const { jpeg, grey } = jpegFixture("colour-420");
  expect(greyOf(Uint8Array.of(...jpeg, 1, 2, 255, 0xd8, 255))).toEqual(grey);
});

test("an image smaller than the limit is decoded whole", () => {
  const { jpeg, grey, width, height } = jpegFixture("grey-15x24");
  for (const limit of [
    { width, height },
    { width: width + 1, height },
    { width, height: height + 1 },
  ]) {
    expect(decodeJpeg(jpeg, limit).data).toEqual(grey);
    expect(decodeJpegWasm(kernels, jpeg, limit)?.data).toEqual(grey);
  }
});

test("bytes of value 255 may come before any marker", () => {
  const { jpeg, grey } = jpegFixture("grey-restart-unaligned");
  const { segments, data } = takeJpegApart(jpeg);
  const filled = segments.flatMap((segment) => [255, 255, ...jpegSegment(segment)]);
  const isMarker = (byte: number, next: number | undefined) =>
    byte === 255 && next !== undefined && next >= 0xd0;
  const body = [...data].flatMap((byte, n) => (isMarker(byte, data[n + 1]) ? [255, 255, 255] : [byte]));
  expect(greyOf(Uint8Array.of(255, 0xd8, ...filled, ...body))).toEqual(grey);
});

test("a restart marker may follow the last unit, as some encoders leave one there", () => {
  const { jpeg, grey } = jpegFixture("grey-restart-last");
  const last = jpeg.subarray(0, -2);
  expect(greyOf(Uint8Array.of(...last, 255, 0xd0, 255, 0xd9))).toEqual(grey);
});

test("segments that say nothing of the pixels do not matter", () => {
  const { jpeg, grey } = jpegFixture("grey");
  const comment = { marker: 0xfe, content: Uint8Array.of(255, 0xd9, 0, 255) };
  const exif = { marker: 0xe1, content: new Uint8Array(300).fill(255) };
  expect(
    greyOf(editJpeg(jpeg, (segment) => [comment, segment, exif].slice(segment.marker === 0xda ? 0 : 1, 2))),
  ).toEqual(grey);
  const { segments, data } = takeJpegApart(jpeg);
  const ending = [...data.subarray(0, -2), ...jpegSegment(comment), 255, 0xd9];
  expect(greyOf(putJpegTogether({ segments, data: Uint8Array.from(ending) }))).toEqual(grey);
});

test("the scan parameters of a sequential file do not matter, as some encoders leave them zero", () => {
  const { jpeg, grey } = jpegFixture("grey");
  const zeros = (content: Uint8Array) => Uint8Array.of(...content.subarray(0, -3), 0, 0, 0);
  const edited = editJpeg(jpeg, ({ marker, content }) => [
    { marker, content: marker === jpegMarkers.scan ? zeros(content) : content },
  ]);
  expect(greyOf(edited)).toEqual(grey);
});

test("three components are RGB by their names, unless a JFIF or Adobe segment says otherwise", () => {
  const { jpeg, grey } = jpegFixture("rgb");
  const adobe = (transform: number) => ({
    marker: 0xee,
    content: Uint8Array.of(...[..."Adobe"].map((char) => char.charCodeAt(0)), 0, 100, 0, 0, 0, 0, transform),
  });
  const jfif = { marker: 0xe0, content: Uint8Array.of(74, 70, 73, 70, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0) };
  const bare = editJpeg(jpeg, (segment) => (segment.marker >= 0xe0 ? [] : [segment]));
  const withHints = (...hints: { marker: number; content: Uint8Array }[]) => {
    const { segments, data } = takeJpegApart(bare);
    return greyOf(putJpegTogether({ segments: [...hints, ...segments], data }));
  };
  const red = withHints(jfif);
  expect(red).not.toEqual(grey);
  expect(withHints()).toEqual(grey);
  expect(withHints(adobe(0))).toEqual(grey);
  expect(withHints(adobe(1))).toEqual(red);
  expect(withHints(jfif, adobe(0))).toEqual(red);
});
