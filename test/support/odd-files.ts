import more from "../fixtures/cases/more.json" with { type: "json" };

/** A file that must be read, whatever is odd about it. */
export interface OddFile {
  readonly name: string;
  readonly file: Uint8Array;
  readonly grey: Uint8Array;
}

/** A file that must be refused. */
export interface RefusedFile {
  readonly name: string;
  readonly file: Uint8Array;
  /** Where Pillow refuses it too, whichever. */
  readonly reason: string | null;
}

const greys = more.greys.map(bytesOf);

/** What `make-odd-files.py` found that Pillow reads, and rightly so. */
export const oddFiles: readonly OddFile[] = more.read.map(({ name, file, grey }) => ({
  name,
  file: bytesOf(file),
  grey: greys[grey] ?? new Uint8Array(),
}));

/** What it found that is to be refused. */
export const refusedFiles: readonly RefusedFile[] = more.refused.map(({ name, file, reason }) => ({
  name,
  file: bytesOf(file),
  reason,
}));

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
