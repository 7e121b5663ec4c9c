/** Markers of JPEG segments by their usual names. */
export const jpegMarkers = { frame: 0xc0, huffman: 0xc4, end: 0xd9, scan: 0xda, quant: 0xdb, jfif: 0xe0 };

/** A JPEG file in pieces: the segments up to the first scan header, and the rest. */
export interface JpegPieces {
  /** Marker and content (without the length) of each segment. The scan header is the last. */
  readonly segments: readonly JpegSegment[];
  /** Image data, end marker, and anything between or after them. */
  readonly data: Uint8Array;
}

export interface JpegSegment {
  readonly marker: number;
  readonly content: Uint8Array;
}

export function takeJpegApart(jpeg: Uint8Array): JpegPieces {
  const segments: JpegSegment[] = [];
  let at = 2;
  while (segments.at(-1)?.marker !== jpegMarkers.scan) {
    const length = ((jpeg[at + 2] ?? 0) << 8) | (jpeg[at + 3] ?? 0);
    segments.push({ marker: jpeg[at + 1] ?? 0, content: jpeg.slice(at + 4, at + 2 + length) });
    at += 2 + length;
  }
  return { segments, data: jpeg.slice(at) };
}

export function putJpegTogether({ segments, data }: JpegPieces): Uint8Array {
  return Uint8Array.of(255, 0xd8, ...segments.flatMap((segment) => [...jpegSegment(segment)]), ...data);
}

/** A segment as it is in a file. */
export function jpegSegment({ marker, content }: JpegSegment): Uint8Array {
  return Uint8Array.of(255, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content);
}

/** Replaces each segment by the result of `edit`: none, one or several. */
export function editJpeg(
  jpeg: Uint8Array,
  edit: (segment: JpegSegment) => readonly JpegSegment[],
): Uint8Array {
  const { segments, data } = takeJpegApart(jpeg);
  return putJpegTogether({ segments: segments.flatMap(edit), data });
}

/** Sets bytes in the content of all segments with a marker: value by position. */
export function patchJpeg(
  jpeg: Uint8Array,
  marker: number,
  bytes: Readonly<Record<number, number>>,
): Uint8Array {
  return editJpeg(jpeg, (segment) => {
    if (segment.marker !== marker) return [segment];
    const content = segment.content.slice();
    for (const [at, value] of Object.entries(bytes)) content[Number(at)] = value;
    return [{ marker, content }];
  });
}

/** Removes all segments with a marker. */
export function withoutSegments(jpeg: Uint8Array, marker: number): Uint8Array {
  return editJpeg(jpeg, (segment) => (segment.marker === marker ? [] : [segment]));
}

/** Changes the marker of all segments that have the marker `from`. */
export function withMarker(jpeg: Uint8Array, from: number, to: number): Uint8Array {
  return editJpeg(jpeg, ({ marker, content }) => [{ marker: marker === from ? to : marker, content }]);
}

/** Adds a segment directly before the first scan header. */
export function beforeScan(jpeg: Uint8Array, added: JpegSegment): Uint8Array {
  return editJpeg(jpeg, (segment) => (segment.marker === jpegMarkers.scan ? [added, segment] : [segment]));
}

/** Changes the data after the first scan header. */
export function withData(jpeg: Uint8Array, edit: (data: number[]) => number[]): Uint8Array {
  const { segments, data } = takeJpegApart(jpeg);
  return putJpegTogether({ segments, data: Uint8Array.from(edit([...data])) });
}

/** Changes the content of all segments with a marker. */
export function withContent(
  jpeg: Uint8Array,
  marker: number,
  edit: (content: number[]) => number[],
): Uint8Array {
  return editJpeg(jpeg, (segment) =>
    segment.marker === marker
      ? [{ marker, content: Uint8Array.from(edit([...segment.content])) }]
      : [segment],
  );
}

/** A Huffman table as a segment: slot (plus 16 for AC), counts by code length, symbols. */
export function huffmanTable(slot: number, counts: number[], symbols: number[]): JpegSegment {
  return {
    marker: jpegMarkers.huffman,
    content: Uint8Array.of(slot, ...counts, ...new Uint8Array(16 - counts.length), ...symbols),
  };
}
