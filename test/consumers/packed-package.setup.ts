import type { TestProject } from "vitest/node";
import { BlockServer } from "../support/block-server.js";
import { packPackage } from "../support/packed-package.js";
import { repeatedBlock } from "./region-result.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the package is, as npm packs it. */
    tarball: string;
    /** `http://127.0.0.1:<port>` of the server of the blocks that consumers fetch. */
    consumerBlocks: string;
  }
}

/** Packs the package once for all consumers, and serves them blocks. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const packed = packPackage();
  project.provide("tarball", packed.tarball);
  const blocks = await BlockServer.start(repeatedBlock);
  project.provide("consumerBlocks", blocks.origin);
  return async () => {
    packed.remove();
    await blocks.close();
  };
}
