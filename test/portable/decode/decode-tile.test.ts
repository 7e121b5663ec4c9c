import { afterEach, expect, test, vi } from "vitest";
import { DecodeFailure } from "../../../src/errors.js";
import { decodeTile, prepareDecoders, TileDecoder } from "../../../workers/decode/decode-tile.js";
import { buildPng, joinBytes } from "../../support/images/build-png.js";
import { pngFixture } from "../../support/images/png-fixtures.js";

const limit = { width: 512, height: 512 };

test("before the kernels are ready, and after, the same bytes", async () => {
  const { png, grey } = pngFixture("grey-8");
  const decoder = new TileDecoder();
  const early = decoder.decode(png, limit);
  expect(early).toMatchObject({ decoder: "png-ts", width: 37, height: 23 });
  await decoder.prepare();
  await decoder.prepare();
  const late = decoder.decode(png, limit);
  expect(late).toMatchObject({ decoder: "png-wasm", width: 37, height: 23 });
  expect([early.data, late.data]).toEqual([grey, grey]);
});

test("damaged and foreign files in between do no harm", async () => {
  await prepareDecoders();
  const { png, grey } = pngFixture("rgb-8");
  const damaged = png.slice();
  damaged[100] = (damaged[100] as number) ^ 1;
  for (let i = 0; i < 200; i++) {
    expect(() => decodeTile(damaged, limit)).toThrow(DecodeFailure);
    expect(() => decodeTile(new Uint8Array(i), limit)).toThrow(DecodeFailure);
  }
  expect(decodeTile(png, limit)).toMatchObject({ decoder: "png-wasm", data: grey });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A tile for which the kernels' memory must grow. */
const ordinary = buildPng({ width: 400, height: 300 });

/** As Chrome's main thread was for modules of more than 4 KiB. */
class RefusedInstance {
  readonly exports = {};
  constructor() {
    throw new RangeError("WebAssembly.Instance is disallowed on the main thread");
  }
}

function growFailsOnce(): void {
  vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementationOnce(() => {
    throw new RangeError("no memory");
  });
}

test("where the kernels break, that file is decoded in TypeScript and the next one by new kernels", async () => {
  const decoder = new TileDecoder();
  await decoder.prepare();
  growFailsOnce();
  const tiles = [1, 2, 3].map(() => decoder.decode(ordinary, limit));
  expect(tiles.map(({ decoder }) => decoder)).toEqual(["png-ts", "png-wasm", "png-wasm"]);
  for (const { data } of tiles)
    expect([data.length, data.every((grey) => grey === 0)]).toEqual([400 * 300, true]);
});

test("where a host does not instantiate at once, TypeScript bridges the gap", async () => {
  const decoder = new TileDecoder();
  await decoder.prepare();
  growFailsOnce();
  const instance = vi.spyOn(WebAssembly, "Instance").mockImplementation(RefusedInstance);
  expect(decoder.decode(ordinary, limit).decoder).toBe("png-ts");
  expect(instance).toHaveBeenCalled();
  expect(decoder.decode(ordinary, limit).decoder).toBe("png-ts");
  await vi.waitUntil(() => decoder.decode(ordinary, limit).decoder === "png-wasm");
});

test.each([
  ["there is no WebAssembly", () => vi.stubGlobal("WebAssembly", undefined)],
  [
    "a policy forbids to compile",
    () => vi.spyOn(WebAssembly, "compile").mockRejectedValue(new WebAssembly.CompileError("unsafe-eval")),
  ],
])("where %s, TypeScript does it all", async (_, forbid) => {
  const decoder = new TileDecoder();
  forbid();
  await decoder.prepare();
  const { png, grey } = pngFixture("palette-8");
  expect(decoder.decode(png, limit)).toMatchObject({ decoder: "png-ts", data: grey });
});

test("memory that a large tile needed is given back", async () => {
  const decoder = new TileDecoder();
  await decoder.prepare();
  const grown: WebAssembly.Memory[] = [];
  const grow = WebAssembly.Memory.prototype.grow;
  vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(function (
    this: WebAssembly.Memory,
    delta,
  ) {
    grown.push(this);
    return grow.call(this, delta);
  });
  const side = 5000;
  const large = buildPng({ width: side, height: side });
  const tile = decoder.decode(large, { width: side, height: side });
  expect([tile.decoder, tile.data.length]).toEqual(["png-wasm", side * side]);
  expect(decoder.decode(ordinary, limit).decoder).toBe("png-wasm");
  expect(grown[0]?.buffer.byteLength).toBeGreaterThan(2 * side * side);
  expect(grown.at(-1)?.buffer.byteLength).toBeLessThan(1 << 20);
});

function failureOf(bytes: Uint8Array): { reason: string; message: string } {
  try {
    decodeTile(bytes, limit);
  } catch (error) {
    if (error instanceof DecodeFailure) return { reason: error.reason, message: error.message };
    throw error;
  }
  throw new Error("it was decoded");
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

test.each([
  ["", "not-an-image", "empty"],
  ["<!DOCTYPE html><html><body>404</body></html>", "not-an-image", "an HTML page"],
  ["\n\n  <html lang='en'>", "not-an-image", "an HTML page"],
  ["\xef\xbb\xbf<!doctype HTML PUBLIC>", "not-an-image", "an HTML page"],
  [
    '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>',
    "not-an-image",
    "an XML error document",
  ],
  ["<!-- saved from url=(0014)about:internet --><html>", "not-an-image", "an HTML page"],
  [`<!--${" licence".repeat(99)} -->\n<!-- -->\n<!DOCTYPE html>`, "not-an-image", "an HTML page"],
  ['<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">', "not-an-image", "an HTML page"],
  ["<h1>Not Found</h1><p>The requested resource was not found.</p>", "not-an-image", "an HTML page"],
  ["<!-- of a --><svg/>", "not-an-image", "an XML document"],
  [`${"<!---->".repeat(280)}<svg/>`, "not-an-image", "an XML document"],
  ["<header/>", "not-an-image", "an XML document"],
  ["<svg xmlns='http://www.w3.org/2000/svg'/>", "not-an-image", "an XML document"],
  ['{"error": "No such tile"}', "not-an-image", "JSON"],
  ['  [{"a": 1}]', "not-an-image", "JSON"],
  ["Not found", "not-an-image", "text"],
  ["\x1f\x8b\x08\0\0\0\0\0", "not-an-image", "gzip-compressed data"],
  ["PK\x03\x04", "not-an-image", "a ZIP archive"],
  ["%PDF-1.7", "not-an-image", "a PDF document"],
  ["\x00\x01\x02\x03\x04", "not-an-image", "00 01 02 03"],
  ["GIF89a\x01\0\x01\0", "unsupported-image", "a GIF"],
  ["RIFF\x24\0\0\0WEBPVP8 ", "unsupported-image", "a WebP image"],
  ["II*\0\x08\0\0\0", "unsupported-image", "a TIFF"],
  ["MM\0*\0\0\0\x08", "unsupported-image", "a TIFF"],
  ["BM\x46\0\0\0\0\0\0\0", "unsupported-image", "a BMP image"],
  ["\0\0\0\x1cftypavif\0\0\0\0", "unsupported-image", "an AVIF image"],
  ["\0\0\0\x0cjP  \r\n\x87\n", "unsupported-image", "a JPEG 2000 image"],
  ["\xff\x0a\0\0", "unsupported-image", "a JPEG XL image"],
])("%j is refused as %s: %s", (text, reason, words) => {
  const failure = failureOf(bytesOf(text));
  expect(failure.reason).toBe(reason);
  expect(failure.message).toContain(words);
});

test("a PNG whose first bytes were lost or turned into text is damaged, not foreign", () => {
  const { png } = pngFixture("grey-8");
  expect(failureOf(png.subarray(0, 5)).reason).toBe("corrupt-image");
  // As a transfer that takes it for text does.
  const asText = joinBytes([png.subarray(0, 4), bytesOf("\n\x1a\n"), png.subarray(8)]);
  expect(failureOf(asText).reason).toBe("corrupt-image");
});

test("a truncated JPEG goes to the JPEG decoder", () => {
  expect(failureOf(bytesOf("\xff\xd8\xff\xe0\0\x10JFIF\0"))).toMatchObject({ reason: "corrupt-image" });
});
