import { build } from "esbuild";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testStackInfo } from "../support/model/test-stack.js";
import { reportResult } from "../support/pages/consumer-code.js";
import { launchChromium, visit } from "../support/pages/open-page.js";
import { secretsInSight } from "../support/pages/secrecy.js";
import { type PackedPackage, packedPackage } from "../support/programs/packed-package.js";
import { runNode } from "../support/programs/run-node.js";
import { type HttpTestServer, startHttpTestServer } from "../support/servers/http-test-server.js";
import { serveFolder } from "../support/servers/static-server.js";

let tiles: HttpTestServer;
let packed: PackedPackage;
let browser: Browser;
beforeAll(async () => {
  tiles = await startHttpTestServer();
  packed = packedPackage();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  packed.remove();
  await tiles.close();
});

const info = (): object => testStackInfo(`${tiles.url}/package/stack/`);

/** What the page of a project saw. */
async function seenInPage(project: string): Promise<unknown> {
  const pages = await serveFolder(project);
  try {
    const { result, errors } = await visit(browser, pages.url);
    expect(errors).toEqual([]);
    return result;
  } finally {
    await pages.close();
  }
}

test("the Node build shows no credentials: not in JSON, copies, clones, or to util.inspect", async () => {
  const main = `import * as library from "catmaid-image";
    import { inspect } from "node:util";
    const look = async () => {${secretsInSight("library", info(), "(it) => inspect(it, { depth: 20, showHidden: true })")}};
    console.log(JSON.stringify(await look()));`;
  const cwd = packed.makeProject({ "main.js": main });
  const { stdout, stderr } = await runNode("", { args: ["main.js"], cwd });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual([]);
});

test("the ESM build shows no credentials: not in JSON, copies or clones", async () => {
  const project = packed.makeProject({
    "index.html": '<!doctype html><title>test</title><script type="module" src="bundle.js"></script>',
    "main.js": `import * as library from "catmaid-image";
      ${reportResult(secretsInSight("library", info()))}`,
  });
  await build({
    absWorkingDir: project,
    entryPoints: ["main.js"],
    outfile: `${project}/bundle.js`,
    bundle: true,
    format: "esm",
    logLevel: "error",
  });
  expect(await seenInPage(project)).toEqual([]);
});

test("the script-tag build shows no credentials: not in JSON, copies, clones, or to $.extend", async () => {
  const project = packed.makeProject({
    "index.html": `<!doctype html><meta charset="utf-8"><title>test</title>
      <script src="node_modules/catmaid-image/dist/catmaid-image.iife.js"></script>
      <script src="main.js"></script>`,
    "main.js": reportResult(secretsInSight("CatmaidImage", info())),
  });
  expect(await seenInPage(project)).toEqual([]);
});
