import type { Bytes } from "../../space/bytes.js";
import type { FileStore } from "../store/file-store.js";

/** The part of a zarrita store that is used. A `Map` is such a store. */
export interface ZarritaStore {
  /** Returns the bytes of a key, which begins with `/`. Absent if the store can only be written. */
  get?(key: `/${string}`): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Stores the bytes of a key. The store may keep them without a copy. */
  set(key: `/${string}`, bytes: Uint8Array): unknown;
}

/**
 * Makes a `FileStore` of a zarrita store, to export to it. Files in it can be neither listed nor removed, so give an empty
 * store, or one with a completed export that lacks some files. As such a store cannot keep a log, a run that was killed
 * fetches everything again. Whether files can appear incomplete depends on the zarrita store.
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
