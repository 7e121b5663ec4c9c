import type { Bytes } from "../../../space/bytes.js";
import type { FileStore } from "../../store/file-store.js";
import { xxh32 } from "../../xxh32.js";
import type { FileLog, LoggedFile } from "./file-log.js";

/** Stores a file and logs that it is there. */
export async function storeFile(
  store: FileStore,
  log: FileLog,
  path: string,
  bytes: Bytes,
  facts: Pick<LoggedFile, "filled" | "from"> = {},
): Promise<void> {
  const checksum = xxh32(bytes);
  // What is known of the file that is there must not be taken for what is known of this one.
  await log.forget(path);
  await store.put(path, bytes);
  await log.add({ path, bytes: bytes.length, xxh32: checksum, ...facts });
}
