/** Recognises unexpected bytes, so that an error can say what the server sent instead. */

import { DecodeFailure } from "../../src/errors.js";

/** Valid images of kinds that no decoder here takes: name, and offset and bytes of a mark. */
const unsupported: readonly (readonly [name: string, offset: number, magic: string])[] = [
  ["a GIF", 0, "GIF8"],
  ["a WebP image", 8, "WEBP"],
  ["a TIFF", 0, "II*\0"],
  ["a TIFF", 0, "MM\0*"],
  ["a TIFF", 0, "II+\0"],
  ["a TIFF", 0, "MM\0+"],
  ["a BMP image", 0, "BM"],
  ["an AVIF image", 4, "ftypavif"],
  ["an AVIF image", 4, "ftypavis"],
  ["an HEIF image", 4, "ftyphei"],
  ["an HEIF image", 4, "ftypmif1"],
  ["a JPEG 2000 image", 4, "jP  \r\n"],
  ["a JPEG 2000 image", 0, "\xff\x4f\xff\x51"],
  ["a JPEG XL image", 4, "JXL \r\n"],
  ["a JPEG XL image", 0, "\xff\x0a"],
];

/** Formats that are not images. */
const others: readonly (readonly [name: string, magic: string])[] = [
  ["gzip-compressed data", "\x1f\x8b"],
  ["a ZIP archive", "PK\x03\x04"],
  ["a PDF document", "%PDF"],
];

/** The first tag of an HTML page, or of a piece of one, after comments and an XML declaration. */
const htmlStart =
  /^(?:<!--(?:[^-]|-(?!->))*-->\s*|<\?[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|h\d|p|div|center|pre|table)\b/i;

/** The failure that names what the bytes are: `"unsupported-image"` or `"not-an-image"`. */
export function foreignBytes(bytes: Uint8Array): DecodeFailure {
  if (bytes.length === 0)
    return new DecodeFailure("not-an-image", "the body is empty, not a PNG or JPEG image");
  const start = latin1(bytes);
  if (start.startsWith("\x89PNG")) {
    return new DecodeFailure(
      "corrupt-image",
      "the PNG is damaged: its first eight bytes are not those of every PNG",
    );
  }
  const kind = unsupported.find(([, offset, magic]) => start.startsWith(magic, offset));
  if (kind) {
    return new DecodeFailure("unsupported-image", `it is ${kind[0]}; only PNG and JPEG tiles are supported`);
  }
  return new DecodeFailure("not-an-image", `it is ${contentName(start)}, not a PNG or JPEG image`);
}

/** The failure if bytes are plainly no chunk, for a format without a mark of its own; `undefined` if they may be one. */
export function foreignContent(bytes: Uint8Array): DecodeFailure | undefined {
  const name = bytes.length === 0 ? "an empty file" : markedContent(latin1(bytes));
  if (name === undefined) return undefined;
  return new DecodeFailure("not-an-image", `it is ${name}, not a chunk of the volume`);
}

/** The first bytes as characters, one for each byte. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 2048));
}

/** Names content that is no image, by its beginning: "an HTML page". */
export function contentName(start: string): string {
  const marked = markedContent(start);
  if (marked !== undefined) return marked;
  if (/^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(start) && /[a-z]{2}/i.test(start)) return "text";
  const first = Array.from(start.slice(0, 4), (char) => char.charCodeAt(0).toString(16).padStart(2, "0"));
  return `data that begin with ${first.join(" ")} (hexadecimal)`;
}

/** Names content whose first characters are the mark of a format. */
function markedContent(start: string): string | undefined {
  const other = others.find(([, magic]) => start.startsWith(magic));
  if (other) return other[0];
  const text = start.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (/^<(\?xml|[a-z!])/i.test(text)) {
    if (htmlStart.test(text)) return "an HTML page";
    return /<error\b/i.test(text) ? "an XML error document" : "an XML document";
  }
  return /^(\{\s*["}]|\[\s*[[\]{"\d-])/.test(text) ? "JSON" : undefined;
}
