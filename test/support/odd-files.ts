import more from "../fixtures/cases/more.json" with { type: "json" };

/** An odd file that must be read nevertheless. */
export interface OddFile {
  readonly name: string;
  readonly file: Uint8Array;
  readonly grey: Uint8Array;
}

/** A file that must be refused. */
export interface RefusedFile {
  readonly name: string;
  readonly file: Uint8Array;
  /** The reason of the refusal; `null` if Pillow refuses the file too, and any reason will do. */
  readonly reason: string | null;
}

const greys = more.greys.map(bytesOf);

/** The files of `make-odd-files.py` that Pillow rightly reads. */
export const oddFiles: readonly OddFile[] = more.read.map(({ name, file, grey }) => ({
  name,
  file: bytesOf(file),
  grey: greys[grey] ?? new Uint8Array(),
}));

/** The files of `make-odd-files.py` that must be refused. */
export const refusedFiles: readonly RefusedFile[] = more.refused.map(({ name, file, reason }) => ({
  name,
  file: bytesOf(file),
  reason,
}));

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
