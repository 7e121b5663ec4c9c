import type { FileStore } from "./file-store.js";

/** The paths of all files under a folder of a store. Within each folder they are sorted by code units. */
export async function* filesUnder(
  store: Required<Pick<FileStore, "list">>,
  folder: string,
): AsyncGenerator<string> {
  for (const name of [...(await store.list(folder))].sort()) {
    if (name.endsWith("/")) yield* filesUnder(store, folder + name);
    else yield folder + name;
  }
}
