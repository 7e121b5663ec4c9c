import type { FileStore } from "./file-store.js";

/** The paths of all files under a folder of a store, sorted by their code units within each folder. */
export async function* filesUnder(
  store: Required<Pick<FileStore, "list">>,
  folder: string,
): AsyncGenerator<string> {
  for (const name of [...(await store.list(folder))].sort()) {
    if (name.endsWith("/")) yield* filesUnder(store, folder + name);
    else yield folder + name;
  }
}
