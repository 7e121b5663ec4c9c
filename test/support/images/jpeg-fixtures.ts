import content from "../../fixtures/jpeg/files.json" with { type: "json" };
import { fromBase64 } from "../base64.js";

/** A JPEG file and the grey values that it must decode to. */
export interface JpegFixture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly jpeg: Uint8Array;
  readonly grey: Uint8Array;
  /** SHA-256 of red, green and blue. Grey files have none. */
  readonly channels: Readonly<Record<string, string>>;
}

/** The files that `make-jpeg-fixtures.py` wrote. */
export const jpegFixtures: readonly JpegFixture[] = content.files.map((file) => ({
  ...{ name: file.name, width: file.width, height: file.height },
  jpeg: fromBase64(file.jpeg),
  grey: fromBase64(file.grey),
  channels: file.channels ?? {},
}));

/** Valid files that are not decoded. */
export const refusedJpegs: ReadonlyMap<string, Uint8Array> = new Map(
  content.refused.map((file) => [file.name, fromBase64(file.jpeg)]),
);

export function jpegFixture(name: string): JpegFixture {
  const found = jpegFixtures.find((file) => file.name === name);
  if (!found) throw new Error(`there is no JPEG fixture ${name}`);
  return found;
}
