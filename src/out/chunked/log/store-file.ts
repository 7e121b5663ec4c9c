import type { Bytes } from "../../../space/bytes.js";
import { crc32c } from "../../crc-32.js";
import type { FileStore } from "../../store/file-store.js";
import type { FileLog, LoggedFile } from "./file-log.js";

/** Stores a file and logs that it is there. */
export async function storeFile(
  store: FileStore,
  log: FileLog,
  path: string,
  bytes: Bytes,
  facts: Pick<LoggedFile, "filled" | "from"> = {},
): Promise<void> {
  const checksum = crc32c(bytes);
  // What is known of the file that is there must not be taken for what is known of this one.
  await log.forget(path);
  await store.put(path, bytes);
  await log.add({ path, bytes: bytes.length, crc32c: checksum, ...facts });
}
