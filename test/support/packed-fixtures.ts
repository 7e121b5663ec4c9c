import type { N5Compression } from "../../workers/protocol.js";
import files from "../fixtures/packed/files.json" with { type: "json" };

/** Bytes that somebody else packed. */
export interface PackedFixture {
  readonly compression: N5Compression;
  readonly name: string;
  /** Whether a checksum tells every change of the bytes. */
  readonly checked: boolean;
  /** How many bytes were packed. */
  readonly length: number;
  /** Their SHA-256. */
  readonly sha256: string;
  readonly file: Uint8Array<ArrayBuffer>;
}

/** What `make-packed-fixtures.py` wrote. */
export const packedFixtures: readonly PackedFixture[] = files.map((file) => ({
  ...file,
  compression: file.compression as N5Compression,
  file: Uint8Array.from(atob(file.file), (char) => char.charCodeAt(0)),
}));

/** One of them. */
export function packedFixture(compression: N5Compression, name: string): PackedFixture {
  const found = packedFixtures.find((file) => file.compression === compression && file.name === name);
  if (!found) throw new Error(`there is no fixture of ${compression} named ${name}`);
  return found;
}
