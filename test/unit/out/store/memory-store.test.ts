import { MemoryStore } from "../../../../src/out/store/memory-store.js";
import { describeFileStore } from "../../../support/exports/file-store-conformance.js";

describeFileStore("MemoryStore", async () => {
  const store = new MemoryStore();
  return Object.assign(store, { close: async () => {} });
});
