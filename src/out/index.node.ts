/** Writers that take a volume as it is fetched, for `out`; in Node also to files. */

export * from "./index.js";
export { fileSink } from "./sink/file-sink.node.js";
export { folderStore } from "./store/folder-store.node.js";
