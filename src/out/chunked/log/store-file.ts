import type { Bytes } from "../../../space/bytes.js";
import type { FileStore } from "../../store/file-store.js";
import { xxh32 } from "../../xxh32.js";
import type { FileLog, LoggedFile } from "./file-log.js";

/** Stores a file and logs it. */
export async function storeFile(
  store: FileStore,
  log: FileLog,
  path: string,
  bytes: Bytes,
  facts: Pick<LoggedFile, "filled" | "from"> = {},
): Promise<void> {
  const checksum = xxh32(bytes);
  // Removes the old file's entry first, so that it is never taken for the new file's.
  await log.forget(path);
  await store.put(path, bytes);
  await log.add({ path, bytes: bytes.length, xxh32: checksum, ...facts });
}
