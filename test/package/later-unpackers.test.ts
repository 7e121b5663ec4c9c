import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportResult } from "../support/consumer-code.js";
import { n5Fixtures } from "../support/n5-fixtures.js";
import { launchChromium, visit } from "../support/open-page.js";
import { type PackedPackage, packPackage } from "../support/packed-package.js";
import { serveFolder } from "../support/static-server.js";

let packed: PackedPackage;
let browser: Browser;
beforeAll(async () => {
  packed = packPackage();
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
  const source = readFileSync(join(packed.makeProject({}), dist, file), "utf8");
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
  test.each(["catmaid-image.esm.js", "catmaid-image.iife.js"])("is not in %s", (file) => {
    expect(unpackersIn(file)).toEqual([]);
  });

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
  const open = async (script: string, main: string, policy?: string): Promise<unknown> => {
    const folder = packed.makeProject({
      "index.html": `<!doctype html><meta charset="utf-8"><title>test</title>${script}<script src="main.js"></script>`,
      "main.js": reportResult(main),
    });
    cpSync("test/fixtures/blocks/n5_byhand", join(folder, "n5_byhand"), { recursive: true });
    const pages = await serveFolder(folder, policy);
    try {
      const { result, errors } = await visit(browser, pages.url);
      expect(errors).toEqual([]);
      return result;
    } finally {
      await pages.close();
    }
  };
  const tag = `<script src="${dist}/catmaid-image.iife.js"></script>`;
  const strict = "default-src 'self'";

  test.each(["ImageFetcher", "ThreadedImageFetcher"])(
    "the script tag's %s says what to do about a compression that it leaves out",
    async (fetcherClass) => {
      expect(await open(tag, fetchAll(`CatmaidImage.${fetcherClass}`))).toMatchObject({
        error: expect.stringMatching(/packed with xz, which a single file .*createWorker/),
      });
    },
  );

  test("with the package's worker.js the script tag unpacks it, under a policy without wasm and blob: too", async () => {
    const createWorker = `createWorker: () => new Worker("${dist}/worker.js")`;
    const main = fetchAll("CatmaidImage.ThreadedImageFetcher", createWorker);
    expect(await open(tag, main)).toBe(xz?.sha256);
    expect(await open(tag, main, strict)).toBe(xz?.sha256);
  });
});
