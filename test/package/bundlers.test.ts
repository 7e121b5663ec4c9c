import { join } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import type { Browser } from "playwright";
import { rollup } from "rollup";
import { build as vite, createServer as viteServer } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import webpack from "webpack";
import { type ConsumerResult, fetchTestRegion, reportResult } from "../support/consumer-code.js";
import { type HttpTestServer, startHttpTestServer } from "../support/http-test-server.js";
import { launchChromium, visit } from "../support/open-page.js";
import { type PackedPackage, packPackage } from "../support/packed-package.js";
import { serveFolder } from "../support/static-server.js";
import { testRegionVoxels } from "../support/test-stack.js";

let tiles: HttpTestServer;
let packed: PackedPackage;
let browser: Browser;
beforeAll(async () => {
  tiles = await startHttpTestServer();
  packed = packPackage();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  packed.remove();
  await tiles.close();
});

const page = (script: string): string =>
  `<!doctype html><meta charset="utf-8"><title>test</title><script type="module" src="${script}"></script>`;

/** A project that fetches with both fetchers, in the way that every consumer would write it. */
function makeProject(options = ""): string {
  const body = (name: string): string => fetchTestRegion(name, `${tiles.url}/package/stack/`, options);
  return packed.makeProject({
    "index.html": page("./main.js"),
    "main.js": `import { ImageFetcher, ThreadedImageFetcher } from "catmaid-image";
      ${reportResult(`
        const inProcess = await (async () => {${body("ImageFetcher")}})();
        const threaded = await (async () => {${body("ThreadedImageFetcher")}})();
        return { inProcess, threaded };
      `)}`,
    "dist/index.html": page("./main.js"),
  });
}

type Bundle = (project: string) => Promise<void>;

const bundlers: Readonly<Record<string, Bundle>> = {
  async Vite(project) {
    await vite({ root: project, logLevel: "error", base: "./", configFile: false });
  },
  async webpack(project) {
    await new Promise<void>((resolve, reject) => {
      webpack(
        {
          mode: "production",
          context: project,
          entry: "./main.js",
          output: { path: join(project, "dist"), filename: "main.js" },
        },
        (error, stats) => {
          if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString()));
          else resolve();
        },
      );
    });
  },
  async "Rollup with node-resolve"(project) {
    const bundle = await rollup({
      input: join(project, "main.js"),
      plugins: [nodeResolve({ browser: true }), commonjs()],
    });
    await bundle.write({ dir: join(project, "dist"), format: "es" });
    await bundle.close();
  },
  async esbuild(project) {
    await esbuild({
      entryPoints: [join(project, "main.js")],
      bundle: true,
      minify: true,
      splitting: true,
      format: "esm",
      outdir: join(project, "dist"),
    });
  },
};

const right = { shape: [5, 99, 132], voxels: testRegionVoxels(), warnings: [] };

describe("a page of the installed package", () => {
  test.each(Object.entries(bundlers))(
    "bundled by %s gets the right voxels, with workers",
    async (_name, bundle) => {
      const project = makeProject();
      await bundle(project);
      const pages = await serveFolder(join(project, "dist"));
      try {
        const { result, errors, workers } = await visit<Record<"inProcess" | "threaded", ConsumerResult>>(
          browser,
          pages.url,
        );
        expect(errors).toEqual([]);
        expect(result).toEqual({ inProcess: right, threaded: right });
        expect(workers).toBeGreaterThan(0);
      } finally {
        await pages.close();
      }
    },
  );

  test("where wasm is forbidden and blob: workers are not, workers with all decoders take over", async () => {
    const project = makeProject();
    await bundlers["esbuild"]?.(project);
    const policy = `default-src 'self'; worker-src blob:; connect-src 'self' ${tiles.url}`;
    const pages = await serveFolder(join(project, "dist"), policy);
    try {
      const { result, errors, workers } = await visit(browser, pages.url);
      expect(errors).toEqual([]);
      expect(result).toEqual({ inProcess: right, threaded: right });
      expect(workers).toBeGreaterThan(0);
    } finally {
      await pages.close();
    }
  });

  test("served by Vite's development server gets the right voxels, with workers", async () => {
    const server = await viteServer({
      root: makeProject(),
      logLevel: "error",
      configFile: false,
      server: { port: 0, host: "127.0.0.1", fs: { strict: false } },
    });
    await server.listen();
    try {
      const [url = ""] = server.resolvedUrls?.local ?? [];
      const { result, errors, workers } = await visit(browser, url);
      expect(errors).toEqual([]);
      expect(result).toEqual({ inProcess: right, threaded: right });
      expect(workers).toBeGreaterThan(0);
    } finally {
      await server.close();
    }
  });

  test.each(["Vite", "webpack"])(
    "%s makes a worker of new URL(…/worker), as the documentation says",
    async (name) => {
      const options =
        'threads: 1, createWorker: () => new Worker(new URL("catmaid-image/worker", import.meta.url), { type: "module" })';
      const project = makeProject();
      const main = `import { ThreadedImageFetcher } from "catmaid-image";
      ${reportResult(fetchTestRegion("ThreadedImageFetcher", `${tiles.url}/package/stack/`, options))}`;
      const { writeFile } = await import("node:fs/promises");
      await writeFile(join(project, "main.js"), main);
      await bundlers[name]?.(project);
      const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${tiles.url}`;
      const pages = await serveFolder(join(project, "dist"), policy);
      try {
        const { result, errors, workers } = await visit(browser, pages.url);
        expect(errors).toEqual([]);
        expect(result).toEqual(right);
        expect(workers).toBe(1);
      } finally {
        await pages.close();
      }
    },
  );
});
