import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "acorn";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRegionVoxels } from "../support/model/test-stack.js";
import { type ConsumerResult, fetchTestRegion, reportResult } from "../support/pages/consumer-code.js";
import { launchChromium, type PageVisit, visit } from "../support/pages/open-page.js";
import { type PackedPackage, packedPackage } from "../support/programs/packed-package.js";
import { type HttpTestServer, startHttpTestServer } from "../support/servers/http-test-server.js";
import { serve } from "../support/servers/serve.js";
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

const dist = "node_modules/catmaid-image/dist";

interface Page {
  readonly main: string;
  readonly before?: string;
  readonly policy?: string;
}

async function open({ main, before = "", policy }: Page): Promise<PageVisit<ConsumerResult>> {
  const folder = packed.makeProject({
    "index.html": `<!doctype html><meta charset="utf-8"><title>test</title>
      <script src="before.js"></script>
      <script src="${dist}/catmaid-image.iife.js"></script>
      <script src="main.js"></script>`,
    "before.js": before,
    "main.js": reportResult(main),
  });
  const pages = await serveFolder(folder, policy);
  try {
    return await visit<ConsumerResult>(browser, pages.url);
  } finally {
    await pages.close();
  }
}

const region = (fetcherClass: string, options?: string): string =>
  fetchTestRegion(`CatmaidImage.${fetcherClass}`, `${tiles.url}/package/stack/`, options);
const right = { shape: [5, 99, 132], voxels: testRegionVoxels() };

describe("the script-tag build", () => {
  test("is one classic script in ES2022 syntax that can be concatenated", () => {
    const source = readFileSync(join(packed.makeProject({}), dist, "catmaid-image.iife.js"), "utf8");
    expect(source).toMatch(/^;var CatmaidImage=/);
    expect(source.endsWith("\n")).toBe(true);
    const { body } = parse(`var before = 1\n${source}${source}var after = 1`, {
      ecmaVersion: 2022,
      sourceType: "script",
    });
    const names = body.flatMap((node) =>
      node.type === "VariableDeclaration"
        ? node.declarations.map(({ id }) => `${node.kind} ${id.type === "Identifier" ? id.name : "?"}`)
        : [],
    );
    expect(names).toEqual(["var before", "var CatmaidImage", "var CatmaidImage", "var after"]);
    expect(source).not.toContain("import.meta");
  });

  test.each(["ImageFetcher", "ThreadedImageFetcher"])(
    "%s: one global, the right voxels",
    async (fetcherClass) => {
      const { result, errors, newGlobals, workers } = await open({ main: region(fetcherClass, "") });
      expect(errors).toEqual([]);
      expect(result).toEqual({ ...right, warnings: [] });
      expect(newGlobals).toEqual(["CatmaidImage"]);
      expect(workers > 0).toBe(fetcherClass === "ThreadedImageFetcher");
    },
  );

  test.each(["ImageFetcher", "ThreadedImageFetcher"])(
    "%s: tiles that the kernels decode load no other file",
    async (fetcherClass) => {
      const { result } = await open({
        main: `await (async () => {${region(fetcherClass)}})();
          const names = performance.getEntriesByType("resource").map(({ name }) => name.split("/").pop());
          return names.filter((name) => name.endsWith(".js")).sort();`,
      });
      expect(result).toEqual(["before.js", "catmaid-image.iife.js", "main.js"]);
    },
  );

  test("in CATMAID's page it is CATMAID.CatmaidImage too", async () => {
    const { result, errors, newGlobals } = await open({
      before: "let CATMAID = {};",
      main: "return CATMAID.CatmaidImage === CatmaidImage && Object.keys(CATMAID);",
    });
    expect(errors).toEqual([]);
    expect(result).toEqual(["CatmaidImage"]);
    expect(newGlobals).toEqual(["CatmaidImage"]);
  });

  test("loaded twice, it works", async () => {
    const { result, errors } = await open({
      before: `document.write('<script src="${dist}/catmaid-image.iife.js"></' + 'script>');`,
      main: region("ThreadedImageFetcher"),
    });
    expect(errors).toEqual([]);
    expect(result).toEqual({ ...right, warnings: [] });
  });
});

test.each(["ImageFetcher", "ThreadedImageFetcher"])(
  "a mirror of another origin gets %s's cookies from the fetch that README.md gives",
  async (fetcherClass) => {
    const [fetchOption] = /fetch: \(url, init\) => [^`]*/.exec(readFileSync("README.md", "utf8")) ?? [];
    const guarded = await serve(async (request, response) => {
      response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
      response.setHeader("Access-Control-Allow-Credentials", "true");
      const allowed = request.headers.cookie?.includes("session=1") === true;
      const tile = allowed
        ? await fetch(tiles.url + request.url).then((answer) => answer.bytes())
        : undefined;
      response.writeHead(allowed ? 200 : 403).end(tile);
    });
    const fetchIt = (options = "") =>
      `(async () => {${fetchTestRegion(`CatmaidImage.${fetcherClass}`, `${guarded}package/stack/`, options)}})()`;
    // Cookies do not depend on the port.
    const { result } = await open({
      main: `document.cookie = "session=1";
        return [await ${fetchIt()}.catch(({ status }) => status), await ${fetchIt(fetchOption)}];`,
    });
    expect(result).toEqual([403, { ...right, warnings: [] }]);
  },
);

describe("in an https page", () => {
  // A browser blocks the first for its port, and the second as mixed content, from which the first is exempt.
  test.each(["http://127.0.0.1:9/", "http://tiles.example/"])(
    "that %s fails may have several causes, and both kinds of error name them all",
    async (address) => {
      const page = await browser.newPage();
      const script = readFileSync(join(packed.makeProject({}), dist, "catmaid-image.iife.js"), "utf8");
      await page.route("https://viewer.example/", (route) =>
        route.fulfill({ contentType: "text/html", body: `<!doctype html><script>${script}</script>` }),
      );
      await page.goto("https://viewer.example/");
      const messages = await page.evaluate<string[]>(`Promise.all([
        new CatmaidImage.CatmaidClient({ baseUrl: "${address}" }).get("1/stacks").catch(({ message }) => message),
        (async () => {${fetchTestRegion("CatmaidImage.ImageFetcher", address, "retry: { attempts: 1 }")}})()
          .catch(({ message }) => message),
      ])`);
      expect(messages).toEqual([
        expect.stringMatching(/CORS, connect-src, mixed content and local network permission$/),
        expect.stringMatching(/network failure, CORS .*connect-src.*mixed content .*local network/),
      ]);
      await page.close();
    },
  );
});

describe("under a strict Content-Security-Policy", () => {
  const connect = (): string => `connect-src 'self' ${tiles.url}`;

  test("without blob: workers and without wasm, the calling thread takes over, says so once, and is right", async () => {
    const { result, errors, workers } = await open({
      policy: `default-src 'self'; ${connect()}`,
      main: region("ThreadedImageFetcher"),
    });
    expect(errors).toEqual([]);
    expect(result).toEqual({ ...right, warnings: [expect.stringContaining("createWorker")] });
    expect(workers).toBe(0);
  });

  test.each(["ImageFetcher", "ThreadedImageFetcher"])(
    "%s names connect-src beside CORS where the policy forbids the tile server, or CATMAID itself",
    async (fetcherClass) => {
      const { result } = await open({
        policy: "default-src 'self'",
        main: `const client = new CatmaidImage.CatmaidClient({ baseUrl: ${JSON.stringify(tiles.url)} });
          const refused = await client.get("1/stacks").catch(({ message }) => message);
          return { refused, error: await (async () => {${region(fetcherClass, "retry: { attempts: 1 }")}})().catch(({ message }) => message) };`,
      });
      expect(result).toEqual({
        refused: expect.stringMatching(/could not be reached: .*CORS.*connect-src/),
        error: expect.stringMatching(/CORS.*Content-Security-Policy \(connect-src\)/),
      });
    },
  );

  test("a worker file of the page's own origin does without blob:", async () => {
    const { result, errors, workers } = await open({
      policy: `default-src 'self'; ${connect()}`,
      main: region("ThreadedImageFetcher", `threads: 2, createWorker: () => new Worker("${dist}/worker.js")`),
    });
    expect(errors).toEqual([]);
    expect(result).toEqual({ ...right, warnings: [] });
    expect(workers).toBe(2);
  });

  test.each([
    ["is forbidden", "worker.js", "; worker-src 'none'"],
    ["is not there", "no-worker.js", ""],
    ["is another script", "catmaid-image.esm.js", ""],
  ])("the caller's worker that %s: right voxels, and what createWorker must start", async (_, file, more) => {
    const options = `createWorker: () => new Worker("${dist}/${file}")`;
    const { result, errors } = await open({
      policy: `default-src 'self'; ${connect()}${more}`,
      main: region("ThreadedImageFetcher", options),
    });
    expect(errors).toEqual([]);
    const warning = expect.stringMatching(/; pass a createWorker that starts catmaid-image\/worker and /);
    expect(result).toEqual({ ...right, warnings: [warning] });
  });

  test("fetchers with the same createWorker share its workers", async () => {
    const { result, workers } = await open({
      policy: `default-src 'self'; ${connect()}`,
      main: `const createWorker = () => new Worker("${dist}/worker.js");
        const once = async () => {${region("ThreadedImageFetcher", "threads: 1, createWorker")}};
        await once();
        return await once();`,
    });
    expect(result).toEqual({ ...right, warnings: [] });
    expect(workers).toBe(1);
  });
});
