import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { n5Fixtures } from "../support/block-files/n5-fixtures.js";
import { reportResult } from "../support/pages/consumer-code.js";
import { launchChromium, visit } from "../support/pages/open-page.js";
import { type PackedPackage, packedPackage } from "../support/programs/packed-package.js";
import { serve } from "../support/servers/serve.js";
import { serveFolder } from "../support/servers/static-server.js";

let packed: PackedPackage;
let installed: string;
let browser: Browser;
beforeAll(async () => {
  packed = packedPackage();
  installed = join(packed.makeProject({}), dist);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  packed.remove();
});

const dist = "node_modules/catmaid-image/dist";

/** What each of them says where the data are damaged. */
const traces = {
  bzip2: "a bzip2 block does not begin as one",
  xz: "the index of the xz stream is wrong",
  lz4: "an lz4 block does not begin as one",
  blosc: "the Blosc container ends early",
  zstd: "the zstd frame ends early",
};

/** Which unpackers a file of the package holds. */
function unpackersIn(file: string): string[] {
  const source = readFileSync(join(installed, file), "utf8");
  return Object.entries(traces).flatMap(([name, trace]) => (source.includes(trace) ? [name] : []));
}

/** A module, and those that are loaded with it. */
function loadedWith(file: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const source = readFileSync(join("dist", file), "utf8");
  for (const [, other] of source.matchAll(/(?:from|import) ?['"]\.\/([^'"]+\.js)['"]/g))
    loadedWith(other ?? "", found);
  return found;
}

describe("trap 52: what few volumes need", () => {
  test.each(["catmaid-image.esm.js", "catmaid-image.iife.js"])(
    "is not in %s, but in a file beside it",
    (file) => {
      expect(unpackersIn(file)).toEqual([]);
      expect(unpackersIn("catmaid-image.decoders.js")).toEqual(Object.keys(traces));
    },
  );

  test("does not come with the modules of a bundler, but with a part of its own", () => {
    const atOnce = [...loadedWith("index.js")];
    expect(atOnce.length).toBeGreaterThan(1);
    expect(atOnce.filter((file) => unpackersIn(file).length > 0)).toEqual([]);
    const later = readdirSync("dist").filter((file) => /^unpackers.*\.js$/.test(file));
    expect(later).toHaveLength(2);
    for (const file of later) expect(unpackersIn(file)).toEqual(Object.keys(traces));
  });

  test("is in the worker that a page starts by URL", () => {
    expect(unpackersIn("worker.js")).toEqual(Object.keys(traces));
  });
});

test("catmaid-image/out imports no package, so that a page without a bundler can have it", () => {
  const sources = [...loadedWith("out.js")].map((file) => readFileSync(join("dist", file), "utf8"));
  expect(sources.length).toBeGreaterThan(1);
  const imported = sources.flatMap((source) => [...source.matchAll(/^import .*['"]([^'"]+)['"];$/gm)]);
  expect(imported.map(([, name]) => name).filter((name) => !name?.startsWith("./"))).toEqual([]);
});

describe("a page with N5 blocks", () => {
  const xz = n5Fixtures.find(({ name }) => name === "n5_byhand/xz");
  const fetchAll = (fetcherClass: string, options = ""): string => `
    const [z, y, x] = ${JSON.stringify(xz?.shape)};
    const fetcher = ${fetcherClass}.fromStackInfo({
      sid: 1, pid: 1, stitle: "blocks", dimension: { x, y, z }, resolution: { x: 4, y: 4, z: 40 },
      translation: { x: 0, y: 0, z: 0 }, num_zoom_levels: 0, broken_slices: {},
      mirrors: [{
        id: 1, title: "blocks", position: 0, image_base: location.origin + "/n5_byhand/xz/0_1_2",
        file_extension: "n5", tile_width: 64, tile_height: 64, tile_source_type: 11,
      }],
    }, { ${options} });
    const { data } = await fetcher.get([[0, 0, 0], [z, y, x]]);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  `;
  const script = `${dist}/catmaid-image.iife.js`;
  const fetchers = ["ImageFetcher", "ThreadedImageFetcher"];
  const strict = "default-src 'self'";

  /** The folder of a page whose scripts are in `dist` of the package. */
  const pageFolder = (main: string, head = `<script src="${script}"></script>`): string => {
    const folder = packed.makeProject({
      "index.html": `<!doctype html><meta charset="utf-8"><title>test</title>${head}<script src="main.js"></script>`,
      "main.js": reportResult(main),
    });
    cpSync("test/fixtures/blocks/n5_byhand", join(folder, "n5_byhand"), { recursive: true });
    return folder;
  };
  const open = async (folder: string, policy?: string): Promise<unknown> => {
    const pages = await serveFolder(folder, policy);
    try {
      const { result, errors } = await visit(browser, pages.url);
      expect(errors).toEqual([]);
      return result;
    } finally {
      await pages.close();
    }
  };

  /** Serves the package on an origin of its own. Resolves to the script's URL. */
  const serveElsewhere = async (headers: Record<string, string>): Promise<string> => {
    const project = packed.makeProject({});
    const elsewhere = await serve((request, response) => {
      response.writeHead(200, { "Content-Type": "text/javascript", ...headers });
      response.end(readFileSync(project + request.url));
    });
    return elsewhere + script;
  };

  test.each(fetchers)("the script tag's %s unpacks them with the file beside it", async (fetcherClass) => {
    const folder = pageFolder(fetchAll(`CatmaidImage.${fetcherClass}`));
    expect(await open(folder)).toBe(xz?.sha256);
    // Neither blob: workers nor WebAssembly: the calling thread does it all.
    expect(await open(folder, strict)).toBe(xz?.sha256);
  });

  test.each(fetchers)("the module script's %s does, too", async (fetcherClass) => {
    const folder = pageFolder(`const { ${fetcherClass} } = await import("./${dist}/catmaid-image.esm.js");
      ${fetchAll(fetcherClass)}`);
    expect(await open(folder)).toBe(xz?.sha256);
    expect(await open(folder, strict)).toBe(xz?.sha256);
  });

  test.each(fetchers)(
    "of a script from elsewhere, %s finds the file beside the script",
    async (fetcherClass) => {
      const main = fetchAll(`CatmaidImage.${fetcherClass}`);
      const head = `<script src="${await serveElsewhere({ "Access-Control-Allow-Origin": "*" })}"></script>`;
      expect(await open(pageFolder(main, head))).toBe(xz?.sha256);
    },
  );

  test.each(fetchers)(
    "of a script from elsewhere without CORS headers, %s asks for them",
    async (fetcherClass) => {
      const main = fetchAll(`CatmaidImage.${fetcherClass}`);
      const head = `<script src="${await serveElsewhere({})}"></script>`;
      expect(await open(pageFolder(main, head))).toMatchObject({
        error: expect.stringMatching(/^WorkerError: .*decoders\.js\); serve .* with CORS for other origins/),
      });
    },
  );

  test.each(fetchers)("without that file, %s names it and says what to do", async (fetcherClass) => {
    const folder = pageFolder(fetchAll(`CatmaidImage.${fetcherClass}`));
    rmSync(join(folder, dist, "catmaid-image.decoders.js"));
    expect(await open(folder)).toMatchObject({
      error: expect.stringMatching(/^WorkerError: .*dist\/catmaid-image\.decoders\.js\); serve all files of/),
    });
  });

  test("with the package's worker.js the script tag does without it, under a policy without wasm and blob: too", async () => {
    const createWorker = `createWorker: () => new Worker("${dist}/worker.js")`;
    const folder = pageFolder(fetchAll("CatmaidImage.ThreadedImageFetcher", createWorker));
    rmSync(join(folder, dist, "catmaid-image.decoders.js"));
    expect(await open(folder)).toBe(xz?.sha256);
    expect(await open(folder, strict)).toBe(xz?.sha256);
  });
});
