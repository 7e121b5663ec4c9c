import type { N5Compression } from "../../../workers/protocol.js";
import files from "../../fixtures/packed/files.json" with { type: "json" };
import { fromBase64 } from "../base64.js";

/** Bytes that another implementation packed. */
export interface PackedFixture {
  readonly compression: N5Compression;
  readonly name: string;
  /** Whether a checksum detects every change of the bytes. */
  readonly checked: boolean;
  /** Length of the unpacked bytes. */
  readonly length: number;
  /** SHA-256 of the unpacked bytes. */
  readonly sha256: string;
  readonly file: Uint8Array<ArrayBuffer>;
}

/** The files that `make-packed-fixtures.py` wrote. */
export const packedFixtures: readonly PackedFixture[] = files.map((file) => ({
  ...file,
  compression: file.compression as N5Compression,
  file: fromBase64(file.file),
}));

/** The fixture with a compression and a name. */
export function packedFixture(compression: N5Compression, name: string): PackedFixture {
  const found = packedFixtures.find((file) => file.compression === compression && file.name === name);
  if (!found) throw new Error(`there is no fixture of ${compression} named ${name}`);
  return found;
}
