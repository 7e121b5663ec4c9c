import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright";
import { chromiumArguments, findChromium } from "../../support/pages/find-chromium.js";
import { libraryFolder, programPath } from "../places.js";

/** A page with the functions of `bench.page.ts`. */
export interface OpenPage {
  readonly page: Page;
  /** Name and version of the browser. */
  readonly browser: string;
  close(): Promise<void>;
}

const scripts: Readonly<Record<string, string>> = {
  "/catmaid-image.iife.js": `${libraryFolder}/catmaid-image.iife.js`,
  "/catmaid-image.decoders.js": `${libraryFolder}/catmaid-image.decoders.js`,
  "/bench.page.js": programPath("bench.page.js"),
  "/decode-worker.page.js": programPath("decode-worker.page.js"),
  "/canvas-worker.page.js": programPath("canvas-worker.page.js"),
};

const html = `<!doctype html><meta charset="utf-8"><title>bench</title>
<script src="/catmaid-image.iife.js"></script><script src="/bench.page.js"></script>`;

/** Opens the page in a headless Chromium. */
export async function openBenchPage(): Promise<OpenPage> {
  const server = createServer(({ url = "/" }, response) => {
    const script = scripts[url];
    response.setHeader("Content-Type", script === undefined ? "text/html" : "text/javascript");
    response.end(script === undefined ? html : readFileSync(script));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser: Browser = await chromium.launch({
    executablePath: findChromium(),
    args: [...chromiumArguments],
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    page,
    browser: `Chromium ${browser.version()}`,
    async close() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
