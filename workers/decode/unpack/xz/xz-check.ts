/** The checksums that an xz block may have. */

import { crc32 } from "../../../crc-32.js";
import { sha256 } from "./sha-256.js";

/** The kinds of checksums. */
export type CheckKind = "none" | "crc32" | "crc64" | "sha-256";

/** The length of each checksum in bytes. */
export const checkBytes: Readonly<Record<CheckKind, number>> = { none: 0, crc32: 4, crc64: 8, "sha-256": 32 };

/** Whether bytes have the checksum `told`. */
export function isChecked(kind: CheckKind, bytes: Uint8Array, told: Uint8Array): boolean {
  const view = new DataView(told.buffer, told.byteOffset, told.byteLength);
  switch (kind) {
    case "none":
      return true;
    case "crc32":
      return view.getUint32(0, true) === crc32(bytes, 0, bytes.length);
    case "crc64": {
      const [low, high] = crc64(bytes);
      return view.getInt32(0, true) === low && view.getInt32(4, true) === high;
    }
    case "sha-256":
      return sha256(bytes).every((word, i) => view.getUint32(4 * i) === word);
  }
}

// Each entry is two numbers: its low and its high half.
const crc64Table = new Int32Array(512);

for (let byte = 0; byte < 256; byte++) {
  let [low, high] = [byte, 0];
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (low & 1) !== 0;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd) {
      low ^= 0xd7870f42;
      high ^= 0xc96c5795;
    }
  }
  crc64Table[2 * byte] = low;
  crc64Table[2 * byte + 1] = high;
}

/** CRC-64 of ECMA-182, as two signed numbers. */
function crc64(bytes: Uint8Array): readonly [low: number, high: number] {
  let low = -1;
  let high = -1;
  for (let i = 0; i < bytes.length; i++) {
    const entry = 2 * ((low ^ (bytes[i] as number)) & 255);
    low = ((low >>> 8) | (high << 24)) ^ (crc64Table[entry] as number);
    high = (high >>> 8) ^ (crc64Table[entry + 1] as number);
  }
  return [~low, ~high];
}
