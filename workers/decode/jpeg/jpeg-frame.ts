/** The properties of an image that a JPEG file declares before its pixels: size, components, sampling, colour. */

import { requireSize, type SizeLimit } from "../wanted-pixels.js";
import { corrupt, unsupported } from "./jpeg-failure.js";

/** One colour component of a frame. */
export interface JpegComponent {
  /** The file's own number for it, 0–255. Two components may have the same. */
  readonly id: number;
  /** Horizontal sampling factor, 1–4. */
  readonly h: number;
  /** Vertical sampling factor, 1–4. */
  readonly v: number;
  /** Number of its quantisation table, 0–3. */
  readonly quantId: number;
}

/** The frame header. */
export interface JpegFrame {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Whether the coefficients come in progressive scans. */
  readonly progressive: boolean;
  /** One (grey) or three components. */
  readonly components: readonly JpegComponent[];
  /** Largest horizontal sampling factor. */
  readonly hMax: number;
  /** Largest vertical sampling factor. */
  readonly vMax: number;
}

const refusedKinds: Readonly<Record<number, string>> = {
  195: "lossless (SOF3)",
  197: "hierarchical (SOF5)",
  198: "hierarchical (SOF6)",
  199: "hierarchical, lossless (SOF7)",
  200: "reserved (SOF8)",
  201: "arithmetic coding (SOF9)",
  202: "arithmetic coding, progressive (SOF10)",
  203: "arithmetic coding, lossless (SOF11)",
  205: "arithmetic coding, hierarchical (SOF13)",
  206: "arithmetic coding, hierarchical (SOF14)",
  207: "arithmetic coding, hierarchical (SOF15)",
  222: "hierarchical (DHP)",
  223: "hierarchical (EXP)",
  247: "JPEG-LS (SOF55)",
};

/** Throws a failure if a marker announces a kind of JPEG that is not decoded. */
export function refuseKind(marker: number): void {
  const kind = refusedKinds[marker];
  if (kind !== undefined) throw unsupported(kind);
}

/**
 * Reads a frame header (SOF0, SOF1 or SOF2) from the segment after its length. An image that does not fit the limit is
 * refused here, before memory for its size is allocated.
 */
export function readFrame(marker: number, segment: Uint8Array, limit: SizeLimit): JpegFrame {
  const count = segment[5] ?? 0;
  if (segment.length < 6 || segment.length !== 6 + 3 * count)
    throw corrupt("the frame header has a wrong length");
  const view = new DataView(segment.buffer, segment.byteOffset, segment.byteLength);
  const precision = view.getUint8(0);
  const height = view.getUint16(1);
  const width = view.getUint16(3);
  if (precision !== 8) throw unsupported(`${precision} bits per sample`);
  if (width === 0 || count === 0) throw corrupt("the frame header names no pixels");
  if (height === 0) throw unsupported("its height comes after the first scan (DNL)");
  requireSize(limit, "the JPEG image", width, height);
  if (count === 4) throw unsupported("four colour components (CMYK or YCCK)");
  if (count !== 1 && count !== 3) throw unsupported(`${count} colour components`);
  const components = readComponents(view, count);
  const hMax = Math.max(...components.map((component) => component.h));
  const vMax = Math.max(...components.map((component) => component.v));
  return { width, height, progressive: marker === 0xc2, components, hMax, vMax };
}

function readComponents(view: DataView, count: number): JpegComponent[] {
  const components: JpegComponent[] = [];
  for (let offset = 6; components.length < count; offset += 3) {
    const id = view.getUint8(offset);
    const h = view.getUint8(offset + 1) >> 4;
    const v = view.getUint8(offset + 1) & 15;
    const quantId = view.getUint8(offset + 2);
    if (h < 1 || h > 4 || v < 1 || v > 4) throw corrupt(`sampling factors ${h} × ${v} of component ${id}`);
    if (quantId > 3) throw corrupt(`component ${id} names quantisation table ${quantId}`);
    components.push({ id, h, v, quantId });
  }
  return components;
}

/** How many units (MCUs) a scan has, per row and per column. The units of a scan of one component are blocks. */
export function unitCounts(
  { width, height, components, hMax, vMax }: JpegFrame,
  parts: readonly { readonly index: number }[],
): { across: number; down: number } {
  const alone = parts.length === 1 ? components[parts[0]?.index ?? 0] : undefined;
  const { h, v } = alone ?? { h: hMax, v: vMax };
  const units = alone === undefined ? { h, v } : { h: 1, v: 1 };
  return {
    across: Math.ceil(Math.ceil((width * h) / hMax) / (8 * units.h)),
    down: Math.ceil(Math.ceil((height * v) / vMax) / (8 * units.v)),
  };
}

/** The hints about colours in the application segments. */
export interface ColourHints {
  /** Whether there is a JFIF segment. */
  readonly jfif: boolean;
  /** Transform code of an Adobe segment, if there is one. */
  readonly adobeTransform: number | undefined;
}

/** Whether the three components are red, green and blue rather than Y, Cb and Cr, by libjpeg's rule. */
export function isRgb(frame: JpegFrame, hints: ColourHints): boolean {
  if (frame.components.length !== 3 || hints.jfif) return false;
  if (hints.adobeTransform !== undefined) return hints.adobeTransform === 0;
  return frame.components.map((component) => String.fromCharCode(component.id)).join("") === "RGB";
}
