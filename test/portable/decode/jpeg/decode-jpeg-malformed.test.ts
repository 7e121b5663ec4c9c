import { describe, expect, test } from "vitest";
import { decodeJpeg } from "../../../../workers/decode/jpeg/decode-jpeg.js";
import { decodeJpegWasm } from "../../../../workers/decode/jpeg/decode-jpeg-wasm.js";
import { verdictOf } from "../../../support/images/decode-verdict.js";
import {
  beforeScan,
  editJpeg,
  huffmanTable,
  jpegMarkers,
  jpegSegment,
  patchJpeg,
  putJpegTogether,
  takeJpegApart,
  withContent,
  withData,
  withMarker,
  withoutSegments,
} from "../../../support/images/edit-jpeg.js";
import { jpegFixture, refusedJpegs } from "../../../support/images/jpeg-fixtures.js";
import { jpegRefusal } from "../../../support/images/jpeg-refusal.js";
import { kernelsForTests } from "../../../support/images/kernels-for-tests.js";

const kernels = await kernelsForTests();
const limit = { width: 100, height: 100 };
const { frame, huffman, scan, quant } = jpegMarkers;
const { jpeg: grey } = jpegFixture("grey");
const { jpeg: colour } = jpegFixture("colour-420");
const { jpeg: restarts } = jpegFixture("grey-restart-unaligned");
const { jpeg: progressive } = jpegFixture("grey-progressive");

describe("damage is an error, never a guess", () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ["no frame header", withoutSegments(grey, frame), /no frame header/],
    ["two frame headers", editJpeg(grey, (s) => (s.marker === frame ? [s, s] : [s])), /two frame headers/],
    ["no quantisation table", withoutSegments(grey, quant), /quantisation table that was not defined/],
    [
      "no Huffman tables, progressive",
      withoutSegments(progressive, huffman),
      /Huffman table that was not defined/,
    ],
    [
      "no quantisation table, progressive",
      withoutSegments(progressive, quant),
      /quantisation table that was not defined/,
    ],
    ["no scan", Uint8Array.of(255, 0xd8, ...frameOnly(grey), 255, 0xd9), /no image data/],
    ["no end marker", withData(grey, (data) => data.slice(0, -2)), /truncated/],
    ["half an end marker", withData(grey, (data) => data.slice(0, -1)), /truncated/],
    [
      "a start marker inside",
      withData(grey, (data) => [...data.slice(0, -2), 255, 0xd8, 255, 0xd9]),
      /truncated/,
    ],
    [
      "an unknown marker",
      beforeScan(grey, { marker: 0x4f, content: Uint8Array.of(0) }),
      /unknown marker 0x4f/,
    ],
    ["no pixels", patchJpeg(grey, frame, { 3: 0, 4: 0 }), /names no pixels/],
    ["no components", withContent(grey, frame, (content) => [...content.slice(0, 5), 0]), /names no pixels/],
    ["a frame header too short", withContent(grey, frame, (content) => content.slice(0, -1)), /wrong length/],
    ["a component twice", patchJpeg(colour, frame, { 9: 1 }), /names a component/],
    ["a sampling factor of 0", patchJpeg(colour, frame, { 7: 0x20 }), /sampling factors 2 × 0/],
    ["a sampling factor of 5", patchJpeg(colour, frame, { 7: 0x51 }), /sampling factors 5 × 1/],
    ["too many blocks in a unit", patchJpeg(colour, frame, { 7: 0x44 }), /18 blocks/],
    ["quantisation table 4", patchJpeg(grey, frame, { 8: 4 }), /quantisation table 4/],
    [
      "a quantisation table of 8 bytes",
      beforeScan(grey, { marker: quant, content: new Uint8Array(8) }),
      /cut off/,
    ],
    [
      "a quantisation table of 24 bits",
      beforeScan(grey, { marker: quant, content: new Uint8Array(65).fill(32) }),
      /unknown form/,
    ],
    [
      "a Huffman table cut off",
      beforeScan(grey, { marker: huffman, content: Uint8Array.of(0, 0, 1) }),
      /cut off/,
    ],
    [
      "a Huffman table in slot 4",
      beforeScan(grey, { marker: huffman, content: new Uint8Array(17).fill(4, 0, 1) }),
      /unknown form/,
    ],
    ["a Huffman table of all ones", beforeScan(grey, huffmanTable(0, [2], [0, 1])), /more codes/],
    ["more codes than there are", beforeScan(grey, huffmanTable(16, [1, 1, 2], [0, 1, 2, 3])), /more codes/],
    ["a DC size of 16", beforeScan(grey, huffmanTable(0, [0, 1], [16])), /DC size above 15/],
    ["another Huffman table", beforeScan(grey, huffmanTable(16, [0, 1, 1], [1, 2])), /does not exist/],
    ["a Huffman table without codes", beforeScan(grey, huffmanTable(16, [], [])), /does not exist/],
    [
      "only codes that stand for nothing",
      beforeScan(grey, huffmanTable(16, [1, 1, 1], [0x10, 0x20, 0xe0])),
      /stands for nothing/,
    ],
    ["a scan of a component that is not", patchJpeg(grey, scan, { 1: 9 }), /names a component/],
    ["a scan of Huffman table 4", patchJpeg(grey, scan, { 2: 0x40 }), /was not defined/],
    ["a scan header of 5 components", patchJpeg(grey, scan, { 0: 5 }), /wrong length/],
    ["a component twice in a scan", patchJpeg(colour, scan, { 3: 1 }), /or one twice/],
    [
      "a scan twice",
      withData(grey, (data) => [...data.slice(0, -2), ...scanOf(grey), ...data]),
      /comes twice/,
    ],
    [
      "restart markers out of order",
      withData(restarts, (data) => swapMarkers(data, 0xd0, 0xd1)),
      /no restart marker 0/,
    ],
    ["a restart marker missing", withData(restarts, (data) => dropMarker(data, 0xd2)), /no restart marker 2/],
    ["restart markers that were not announced", withoutSegments(restarts, 0xdd), /./],
    [
      "restart markers announced in vain",
      beforeScan(grey, { marker: 0xdd, content: Uint8Array.of(0, 3) }),
      /does not hold/,
    ],
    [
      "a restart interval of 3 bytes",
      beforeScan(grey, { marker: 0xdd, content: new Uint8Array(3) }),
      /restart interval/,
    ],
    ["image data missing", withData(grey, (data) => [...data.slice(0, -6), 255, 0xd9]), /ends too early/],
    ["no image data", withData(grey, () => [255, 0xd9]), /./],
    [
      "all ones",
      withData(grey, (data) => [...data.slice(0, 8), ...new Array(60).fill([255, 0]).flat(), 255, 0xd9]),
      /does not exist/,
    ],
    ["a width that is not", patchJpeg(grey, frame, { 4: 70 }), /ends too early/],
    ["a height that is not", patchJpeg(grey, frame, { 2: 20 }), /does not hold/],
    ["a progressive scan of all coefficients", withMarker(grey, frame, 0xc2), /0–63/],
    [
      "progressive scans that stop early",
      refusedJpegs.get("progressive-without-last-bits") ?? grey,
      /incomplete/,
    ],
    ["a progressive scan from the bits of none", patchJpeg(progressive, scan, { 5: 0x10 }), /do not follow/],
    ["a progressive scan of bit 14", patchJpeg(progressive, scan, { 5: 14 }), /0–14/],
    ["a progressive scan back to front", patchJpeg(progressive, scan, { 3: 5, 4: 2 }), /5–2/],
    ["a progressive scan to coefficient 64", patchJpeg(progressive, scan, { 3: 1, 4: 64 }), /1–64/],
    ["the first progressive scan missing", withoutFirstScan(progressive), /do not follow/],
    ["nothing but a marker", Uint8Array.of(255, 0xd8, 255), /truncated/],
    [
      "the last of three scans missing",
      withoutLastScan(jpegFixture("colour-scans-apart").jpeg),
      /of a component is missing/,
    ],
  ];
  test.each(cases)("%s", (_name, jpeg, message) => {
    const found = jpegRefusal(jpeg);
    expect(found.reason).toBe("corrupt-image");
    expect(found.message).toMatch(message);
  });
});

test("a missing table is no error where no scan needs it", () => {
  const added = beforeScan(grey, huffmanTable(19, [1, 1, 1], [0x10, 0x20, 0xe0]));
  expect(decodeJpeg(added, limit).data).toEqual(jpegFixture("grey").grey);
  expect(decodeJpegWasm(kernels, added, limit)?.data).toEqual(jpegFixture("grey").grey);
});

test("the kernel decodes as ever after any failure", () => {
  const fixture = jpegFixture("colour-420");
  for (let cut = 10; cut < fixture.jpeg.length; cut += 9) {
    const damaged = fixture.jpeg.slice();
    damaged.fill(85, cut, cut + 4);
    verdictOf(() => decodeJpegWasm(kernels, damaged, limit) ?? decodeJpeg(damaged, limit));
    expect(decodeJpegWasm(kernels, fixture.jpeg, limit)?.data).toEqual(fixture.grey);
  }
});

function segmentsOf(jpeg: Uint8Array, marker: number): number[] {
  const { segments } = takeJpegApart(jpeg);
  return segments
    .filter((segment) => segment.marker === marker)
    .flatMap((segment) => [...jpegSegment(segment)]);
}

function frameOnly(jpeg: Uint8Array): number[] {
  return segmentsOf(jpeg, frame);
}

function scanOf(jpeg: Uint8Array): number[] {
  return segmentsOf(jpeg, scan);
}

function swapMarkers(data: number[], a: number, b: number): number[] {
  return data.map((byte, n) => (data[n - 1] !== 255 ? byte : byte === a ? b : byte === b ? a : byte));
}

function dropMarker(data: number[], marker: number): number[] {
  const at = data.findIndex((byte, n) => byte === 255 && data[n + 1] === marker);
  return [...data.slice(0, at), ...data.slice(at + 2)];
}

function withoutFirstScan(jpeg: Uint8Array): Uint8Array {
  const { segments, data } = takeJpegApart(jpeg);
  const next = data.findIndex((byte, n) => byte === 255 && data[n + 1] !== 0);
  return putJpegTogether({ segments: segments.slice(0, -1), data: data.slice(next) });
}

function withoutLastScan(jpeg: Uint8Array): Uint8Array {
  const { segments, data } = takeJpegApart(jpeg);
  const last = String.fromCharCode(...data).lastIndexOf("\xff\xda");
  return putJpegTogether({ segments, data: Uint8Array.of(...data.subarray(0, last), 255, 0xd9) });
}
