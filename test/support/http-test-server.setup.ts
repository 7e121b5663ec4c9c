import type { TestProject } from "vitest/node";
import { startHttpTestServer } from "./http-test-server.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The test server, for tests that run in a browser: origin and second origin. */
    tileServer: { url: string; otherUrl: string };
  }
}

/** Starts the server in Node before the browser's tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startHttpTestServer();
  project.provide("tileServer", { url: server.url, otherUrl: server.otherUrl });
  return () => server.close();
}
