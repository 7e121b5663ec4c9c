import more from "../../fixtures/cases/more.json" with { type: "json" };
import { fromBase64 } from "../base64.js";

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

const greys = more.greys.map(fromBase64);

/** The files of `make-odd-files.py` that Pillow rightly reads. */
export const oddFiles: readonly OddFile[] = more.read.map(({ name, file, grey }) => ({
  name,
  file: fromBase64(file),
  grey: greys[grey] ?? new Uint8Array(),
}));

/** The files of `make-odd-files.py` that must be refused. */
export const refusedFiles: readonly RefusedFile[] = more.refused.map(({ name, file, reason }) => ({
  name,
  file: fromBase64(file),
  reason,
}));
