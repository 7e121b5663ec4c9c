import { crc32, crcTables } from "../../../workers/crc-32.js";
import type { Bytes } from "../../space/bytes.js";

let tables: Int32Array | undefined;

/** The checksum CRC-32C of bytes, which Zarr's shards use. */
export function crc32c(bytes: Bytes): number {
  tables ??= crcTables(0x82f63b78);
  return crc32(bytes, 0, bytes.length, tables);
}
