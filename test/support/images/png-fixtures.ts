import files from "../../fixtures/png/files.json" with { type: "json" };
import { fromBase64 } from "../base64.js";

/** A PNG file and its expected pixels. */
export interface PngFixture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly png: Uint8Array;
  readonly grey: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  /** SHA-256 of each of its channels, by number. The values of a grey image are in `grey`. */
  readonly channels: Readonly<Record<string, string>>;
}

/** The files that `make-png-fixtures.py` wrote. */
export const pngFixtures: readonly PngFixture[] = files.map((file) => {
  const grey = fromBase64(file.grey);
  return {
    ...{ name: file.name, width: file.width, height: file.height, bits: file.bits },
    png: fromBase64(file.png),
    grey: file.bits === 16 ? new Uint16Array(grey.buffer) : grey,
    channels: file.channels ?? {},
  };
});

export function pngFixture(name: string): PngFixture {
  const found = pngFixtures.find((file) => file.name === name);
  if (!found) throw new Error(`there is no PNG fixture ${name}`);
  return found;
}
