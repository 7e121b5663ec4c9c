import { describe, expect, test } from "vitest";
import {
  beforeScan,
  jpegMarkers,
  patchJpeg,
  withContent,
  withData,
  withMarker,
} from "../../../support/images/edit-jpeg.js";
import { jpegFixture, refusedJpegs } from "../../../support/images/jpeg-fixtures.js";
import { jpegRefusal } from "../../../support/images/jpeg-refusal.js";

const { frame } = jpegMarkers;
const { jpeg: grey } = jpegFixture("grey");
const { jpeg: colour } = jpegFixture("colour-420");

describe("a kind that is not decoded is named", () => {
  const byFrame = [
    [0xc3, /lossless/],
    [0xc5, /hierarchical/],
    [0xc6, /hierarchical/],
    [0xc7, /hierarchical/],
    [0xc8, /reserved/],
    [0xc9, /arithmetic/],
    [0xca, /arithmetic/],
    [0xcb, /arithmetic/],
    [0xcd, /arithmetic/],
    [0xce, /arithmetic/],
    [0xcf, /arithmetic/],
    [0xf7, /JPEG-LS/],
  ] as const;
  test.each(byFrame)("frame marker %i", (marker, name) => {
    const found = jpegRefusal(withMarker(grey, frame, marker));
    expect(found.reason).toBe("unsupported-image");
    expect(found.message).toMatch(name);
  });

  const files = [
    ["cmyk", /CMYK/],
    ["arithmetic", /arithmetic/],
    ["arithmetic-progressive", /arithmetic/],
    ["coarse-luma", /sampled/],
    ["rgb-reduced", /RGB/],
  ] as const;
  test.each(files)("file %s", (name, message) => {
    const found = jpegRefusal(refusedJpegs.get(name) ?? new Uint8Array());
    expect(found.reason).toBe("unsupported-image");
    expect(found.message).toMatch(message);
  });

  const kinds: [string, Uint8Array, RegExp][] = [
    ["12 bits", patchJpeg(grey, frame, { 0: 12 }), /12 bits/],
    ["height 0", patchJpeg(grey, frame, { 1: 0, 2: 0 }), /DNL/],
    [
      "another height before the scan",
      beforeScan(grey, { marker: 0xdc, content: Uint8Array.of(0, 34) }),
      /DNL/,
    ],
    [
      "another height after the data",
      withData(grey, (data) => [...data.slice(0, -2), 255, 0xdc, 0, 4, 0, 36, 255, 0xd9]),
      /DNL/,
    ],
    ["a hierarchy", beforeScan(grey, { marker: 0xde, content: Uint8Array.of(8) }), /hierarchical/],
    ["an expansion", beforeScan(grey, { marker: 0xdf, content: Uint8Array.of(17) }), /hierarchical/],
    [
      "two components",
      withContent(grey, frame, (content) => [...content.slice(0, 5), 2, ...content.slice(6), 9, 17, 0]),
      /2 colour/,
    ],
  ];
  test.each(kinds)("%s", (_name, jpeg, message) => {
    const found = jpegRefusal(jpeg);
    expect(found.reason).toBe("unsupported-image");
    expect(found.message).toMatch(message);
  });
});

test("an image larger than the limit is refused by its header, before its data is looked at", () => {
  const { jpeg, width, height } = jpegFixture("grey-17x16");
  expect(jpegRefusal(jpeg, { width: width - 1, height }).reason).toBe("wrong-size");
  expect(jpegRefusal(jpeg, { width, height: height - 1 }).reason).toBe("wrong-size");
  const vast = patchJpeg(colour, frame, { 1: 255, 2: 220, 3: 255, 4: 220 });
  expect(jpegRefusal(vast)).toEqual({
    reason: "wrong-size",
    message: "the JPEG image has 65500 × 65500 pixels where a tile has at most 100 × 100",
  });
  expect(jpegRefusal(vast.subarray(0, vast.length / 2)).reason).toBe("wrong-size");
});

test("bytes that are no JPEG file are none", () => {
  const page = new TextEncoder().encode("<!doctype html><title>404</title>");
  for (const bytes of [page, new Uint8Array(), Uint8Array.of(255), new Uint8Array(1000)]) {
    expect(jpegRefusal(bytes).reason).toBe("not-an-image");
  }
});
