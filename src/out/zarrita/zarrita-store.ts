import type { Bytes } from "../../space/bytes.js";
import type { FileStore } from "../store/file-store.js";

/** What of a store of zarrita is used; a `Map` is one. */
export interface ZarritaStore {
  /** Gives the bytes of a key, which begins with `/`. Absent where the store only takes. */
  get?(key: `/${string}`): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Takes them; they are the caller's no longer. */
  set(key: `/${string}`, bytes: Uint8Array): unknown;
}

/**
 * A store of zarrita to export to. What is in it cannot be listed, nor removed: give an empty one, or one with an export that
 * is complete and lacks some files. Of a run that was killed all is fetched again, as such a store cannot keep a log. Whether
 * a file appears whole is for that store to say.
 */
export function zarritaStore(store: ZarritaStore): FileStore {
  const put = async (path: string, bytes: Bytes): Promise<void> => {
    await store.set(`/${path}`, bytes.slice());
  };
  const { get } = store;
  if (get === undefined) return { put };
  const read = async (path: string): Promise<Bytes | undefined> => {
    const bytes = await get.call(store, `/${path}`);
    return bytes && new Uint8Array(bytes);
  };
  return { put, get: read, size: async (path) => (await read(path))?.length };
}
