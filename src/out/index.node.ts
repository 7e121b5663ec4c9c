/** Writers for the option `out`, which take a volume while it is fetched; in Node, to files too. */

export * from "./index.js";
export { fileSink } from "./sink/file-sink.node.js";
export { folderStore } from "./store/folder-store.node.js";
