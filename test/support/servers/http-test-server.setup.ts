import type { TestProject } from "vitest/node";
import { BlockServer } from "./block-server.js";
import { startHttpTestServer } from "./http-test-server.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The test server's origin and second origin, for tests that run in a browser. */
    tileServer: { url: string; otherUrl: string };
    /** `http://127.0.0.1:<port>` of a server of blocks. Each of its mirrors has the fault of its name. */
    blockServer: string;
  }
}

/** Starts the servers in Node before the browser's tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [server, blockServer] = await Promise.all([startHttpTestServer(), BlockServer.start()]);
  project.provide("tileServer", { url: server.url, otherUrl: server.otherUrl });
  project.provide("blockServer", blockServer.origin);
  return async () => {
    await Promise.all([server.close(), blockServer.close()]);
  };
}
