import type { TestProject } from "vitest/node";
import { BlockServer } from "../support/servers/block-server.js";
import { repeatedBlock } from "./region-result.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** `http://127.0.0.1:<port>` of the server of the blocks that consumers fetch. */
    consumerBlocks: string;
  }
}

/** Serves all consumers blocks. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const blocks = await BlockServer.start(repeatedBlock);
  project.provide("consumerBlocks", blocks.origin);
  return () => blocks.close();
}
