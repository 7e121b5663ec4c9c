/** Writers that take a volume as it is fetched, for `out`; in Node also to files. */

export { fileSink } from "./file-sink.node.js";
export * from "./index.js";
export { folderStore } from "./store/folder-store.node.js";
