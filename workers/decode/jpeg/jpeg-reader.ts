/**
 * Walks through the marker segments of a JPEG file from scan to scan. Like libjpeg, it skips what does not affect the
 * pixels: bytes between segments, and a DNL that repeats the height. It throws where libjpeg would make up pixels.
 */

import type { SizeLimit } from "../wanted-pixels.js";
import { corrupt, notJpeg, unsupported } from "./jpeg-failure.js";
import { isRgb, type JpegFrame, readFrame, refuseKind } from "./jpeg-frame.js";
import { type JpegTables, readHuffmanTables, readQuantTables, standardTables } from "./jpeg-tables.js";

/** One component's part in a scan. */
export interface ScanComponent {
  /** Position of the component in the frame. */
  readonly index: number;
  /** Huffman table of the DC coefficients as in the file (16 counts, then symbols), if one is defined. */
  readonly dc: Uint8Array | undefined;
  /** The same for the AC coefficients. */
  readonly ac: Uint8Array | undefined;
  /** Quantisation table in zigzag order, if one is defined. */
  readonly quant: Uint16Array | undefined;
}

/** A scan header. */
export interface JpegScan {
  /** One component, or several that are interleaved. */
  readonly components: readonly ScanComponent[];
  /** First coefficient, in zigzag order (progressive). */
  readonly spectralStart: number;
  /** Last coefficient, in zigzag order (progressive). */
  readonly spectralEnd: number;
  /** Bit position of the scan before, 0 for a first scan (progressive). */
  readonly high: number;
  /** Bit position of this scan (progressive). */
  readonly low: number;
  /** MCUs between restart markers; 0 for none. */
  readonly restartInterval: number;
  /** Where the entropy-coded data begin, in bytes. */
  readonly start: number;
}

/** Reads the segments of one file. */
export class JpegReader {
  /** The whole file. */
  readonly bytes: Uint8Array;
  readonly #limit: SizeLimit;
  readonly #tables: JpegTables = { dc: [], ac: [], quant: [] };
  #frame: JpegFrame | undefined;
  #position = 2;
  #restartInterval = 0;
  #jfif = false;
  #adobeTransform: number | undefined;

  constructor(bytes: Uint8Array, limit: SizeLimit) {
    this.bytes = bytes;
    this.#limit = limit;
    if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw notJpeg();
  }

  /** The frame. It is defined once a scan was found. */
  get frame(): JpegFrame {
    if (this.#frame === undefined) throw corrupt("it has no frame header");
    return this.#frame;
  }

  /** Whether the components are red, green and blue. */
  get rgb(): boolean {
    return isRgb(this.frame, { jfif: this.#jfif, adobeTransform: this.#adobeTransform });
  }

  /** Continues after the entropy-coded data of a scan, at the marker that ends them. */
  resume(position: number): void {
    this.#position = position;
  }

  /** The next scan, or `undefined` at the end of the image. Anything after the end marker is ignored. */
  nextScan(): JpegScan | undefined {
    for (;;) {
      const marker = this.#marker();
      if (marker === 0xd9) return undefined;
      if ((marker >= 0xd0 && marker <= 0xd7) || marker === 0x01) continue;
      refuseKind(marker);
      const segment = this.#segment();
      if (marker === 0xda) return this.#scan(segment);
      this.#take(marker, segment);
    }
  }

  /** The next marker. Bytes before it that are no marker are skipped, and so is 255 followed by 0. */
  #marker(): number {
    const { bytes } = this;
    for (let at = this.#position; ; at++) {
      at = bytes.indexOf(0xff, at);
      const marker = bytes[at + 1];
      if (at < 0 || marker === undefined)
        throw corrupt(`it is truncated, as it ends after ${bytes.length} bytes without end marker`);
      if (marker === 0 || marker === 0xff) continue;
      this.#position = at + 2;
      return marker;
    }
  }

  #segment(): Uint8Array {
    const { bytes } = this;
    const start = this.#position;
    const length = ((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0);
    if (start + 2 > bytes.length || start + length > bytes.length) {
      throw corrupt(`it is truncated, as it ends after ${bytes.length} bytes inside a segment`);
    }
    // The length includes its own two bytes. A smaller length leaves no content.
    this.#position = start + Math.max(2, length);
    return bytes.subarray(start + 2, this.#position);
  }

  #take(marker: number, segment: Uint8Array): void {
    if (marker === 0xdb) readQuantTables(segment, this.#tables);
    else if (marker === 0xc4) readHuffmanTables(segment, this.#tables);
    else if (marker >= 0xc0 && marker <= 0xc2) {
      if (this.#frame !== undefined) throw corrupt("it has two frame headers");
      this.#frame = readFrame(marker, segment, this.#limit);
    } else if (marker === 0xdd) {
      if (segment.length !== 2) throw corrupt("the restart interval has a wrong length");
      this.#restartInterval = ((segment[0] ?? 0) << 8) | (segment[1] ?? 0);
    } else if (marker === 0xe0) {
      this.#jfif ||= segment.length >= 14 && startsWith(segment, "JFIF\0");
    } else if (marker === 0xee) {
      if (segment.length >= 12 && startsWith(segment, "Adobe")) this.#adobeTransform = segment[11];
    } else if (marker === 0xdc) {
      this.#checkHeight(segment);
    } else if (!isIdle(marker)) {
      throw corrupt(`an unknown marker 0x${marker.toString(16)} before byte ${this.#position}`);
    }
  }

  /** Accepts a DNL that repeats the height of the frame. Before a frame it is ignored. */
  #checkHeight(segment: Uint8Array): void {
    const height = ((segment[0] ?? 0) << 8) | (segment[1] ?? 0);
    if (this.#frame === undefined || segment.length !== 2 || height === this.#frame.height) return;
    throw unsupported(`its height is ${this.#frame.height} in the frame header and then ${height} (DNL)`);
  }

  #scan(segment: Uint8Array): JpegScan {
    const { frame } = this;
    const count = segment[0] ?? 0;
    if (count < 1 || count > 4 || segment.length !== 4 + 2 * count)
      throw corrupt("a scan header has a wrong length");
    const components: ScanComponent[] = [];
    let blocks = 0;
    for (let n = 0; n < count; n++) {
      // Some encoders give all components the same id. Then their order counts.
      const index = frame.components.findIndex(
        ({ id }, place) => id === segment[1 + 2 * n] && components.every((other) => other.index !== place),
      );
      const component = frame.components[index];
      if (component === undefined) {
        throw corrupt("a scan header names a component that the frame does not have, or one twice");
      }
      const tables = segment[2 + 2 * n] ?? 0;
      const { dc, ac, quant } = this.#tables;
      const standard = frame.progressive ? undefined : standardTables;
      components.push({
        index,
        dc: dc[tables >> 4] ?? standard?.dc[tables >> 4],
        ac: ac[tables & 15] ?? standard?.ac[tables & 15],
        quant: quant[component.quantId],
      });
      blocks += component.h * component.v;
    }
    if (count > 1 && blocks > 10) throw corrupt(`${blocks} blocks in a unit of an interleaved scan`);
    const bits = segment[3 + 2 * count] ?? 0;
    return {
      components,
      spectralStart: segment[1 + 2 * count] ?? 0,
      spectralEnd: segment[2 + 2 * count] ?? 0,
      high: bits >> 4,
      low: bits & 15,
      restartInterval: this.#restartInterval,
      start: this.#position,
    };
  }
}

/** Whether a segment does not affect the pixels: application data, comments, tables of arithmetic coding. */
function isIdle(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe || marker === 0xcc;
}

function startsWith(segment: Uint8Array, text: string): boolean {
  for (let n = 0; n < text.length; n++) if (segment[n] !== text.charCodeAt(n)) return false;
  return true;
}
