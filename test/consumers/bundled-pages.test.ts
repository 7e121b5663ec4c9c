import { join } from "node:path";
import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { reportResult } from "../support/pages/consumer-code.js";
import { launchChromium, visit } from "../support/pages/open-page.js";
import { serveFolder } from "../support/servers/static-server.js";
import { Consumer } from "./consumer.js";
import type { ConsumerPackage } from "./consumer-package.js";
import { type RegionResult, rightRegions } from "./region-result.js";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const page = (head = ""): string =>
  `<!doctype html><meta charset="utf-8"><title>test</title>${head}<script type="module" src="./main.js"></script>`;

/** A page's script; with `?own-worker` it makes the workers itself, in the way that the bundler knows. */
const main = (ownWorker = "undefined"): string => `
  import { fetchRegions } from "./fetch-region.js";
  import { task } from "./task.js";
  const createWorker = () => ${ownWorker};
  const options = location.search === "?own-worker" ? { createWorker } : {};
  ${reportResult("return fetchRegions({ ...task, Worker }, options);")}`;

/** How README.md and the bundlers' manuals write it. */
const workerOfPackage = (specifier = "catmaid-image/worker"): string =>
  `new Worker(new URL("${specifier}", import.meta.url), { type: "module" })`;

/** Where a bundler knows no workers, a file of the consumer's is one more entry. */
const workerOfEntry = 'new Worker("own-worker.js", { type: "module" })';

interface Bundler {
  readonly name: string;
  readonly packages: readonly ConsumerPackage[];
  readonly build: string;
  /** The expression that makes a worker of `catmaid-image/worker`. */
  readonly ownWorker: string;
  readonly files?: Readonly<Record<string, string>>;
}

const packConfig =
  'export default { mode: "production", entry: "./main.js", output: { filename: "main.js" } };';

const bundlers: readonly Bundler[] = [
  { name: "Vite", packages: ["vite"], build: "vite build --base ./", ownWorker: workerOfPackage() },
  {
    name: "webpack",
    packages: ["webpack", "webpack-cli"],
    build: "webpack",
    ownWorker: workerOfPackage(),
    files: { "webpack.config.js": packConfig },
  },
  {
    name: "Rspack",
    packages: ["@rspack/core", "@rspack/cli"],
    build: "rspack build",
    ownWorker: workerOfPackage(),
    files: { "rspack.config.js": packConfig },
  },
  {
    name: "Rollup",
    packages: ["rollup", "@rollup/plugin-node-resolve", "@rollup/plugin-commonjs"],
    build: "rollup --config",
    files: {
      "rollup.config.js": `import commonjs from "@rollup/plugin-commonjs";
        import { nodeResolve } from "@rollup/plugin-node-resolve";
        const plugins = [nodeResolve({ browser: true }), commonjs()];
        export default { input: ["main.js", "own-worker.js"], output: { dir: "dist" }, plugins };`,
    },
    ownWorker: workerOfEntry,
  },
  {
    name: "esbuild",
    packages: ["esbuild"],
    build: "esbuild main.js own-worker.js --bundle --minify --splitting --format=esm --outdir=dist",
    ownWorker: workerOfEntry,
  },
  {
    name: "Parcel",
    packages: ["parcel"],
    build: "parcel build index.html --dist-dir dist --public-url ./ --no-cache",
    ownWorker: workerOfPackage("npm:catmaid-image/worker"),
  },
];

/** Opens the consumer's page, under a policy if one is given. */
async function open(consumer: Consumer, folder: string, query = "", policy?: string): Promise<RegionResult> {
  const pages = await serveFolder(join(consumer.folder, folder), policy);
  try {
    const { result, errors } = await visit<RegionResult>(browser, pages.url + query);
    expect(errors).toEqual([]);
    return result;
  } finally {
    await pages.close();
  }
}

const right = rightRegions("browser");

const others = `connect-src 'self' ${inject("tileServer").url} ${inject("consumerBlocks")}`;
/** Workers with all decoders take over, which come from a chunk of their own. Parcel's pages have an inline script. */
const noWasm = `default-src 'self' 'unsafe-inline'; worker-src blob:; ${others}`;
/** Neither workers of the page's own nor WebAssembly: the calling thread does it all. */
const strict = `default-src 'self' 'unsafe-inline'; ${others}`;
/** For workers that are made of `catmaid-image/worker`. */
const noBlob = `default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; ${others}`;

/** The same where the page's policy allows no workers: each fetcher says so. */
function withoutWorkers({ regions }: RegionResult): RegionResult {
  const here = Object.entries(regions).map(([name, region]) => [name, { ...region, ofWorkers: 0 }]);
  const warnings = here.map(() => expect.stringMatching(/No tile worker could be started .*createWorker/));
  return { regions: Object.fromEntries(here), warnings };
}

for (const { name, packages, build, ownWorker, files } of bundlers) {
  test(`a page bundled by ${name}`, async ({ task }) => {
    const consumer = await Consumer.install(packages, {
      "index.html": page(),
      "dist/index.html": page(),
      "main.js": main(ownWorker),
      "own-worker.js": 'import "catmaid-image/worker";',
      ...files,
    });
    await consumer.run(build);
    const result = await open(consumer, "dist");
    task.meta.consumer = { packages, result };
    expect(result).toEqual(right);
    expect(await open(consumer, "dist", "", noWasm)).toEqual(right);
    expect(await open(consumer, "dist", "", strict)).toEqual(withoutWorkers(right));
    expect(await open(consumer, "dist", "?own-worker", noBlob)).toEqual(right);
  });
}

test("a page of Vite's development server", async ({ task }) => {
  const consumer = await Consumer.install(["vite"], {
    "index.html": page(),
    "main.js": main(workerOfPackage()),
  });
  const { result, errors } = await visit<RegionResult>(
    browser,
    await consumer.serve("vite --host 127.0.0.1"),
  );
  task.meta.consumer = { packages: ["vite"], result };
  expect(errors).toEqual([]);
  expect(result).toEqual(right);
});

test("a page without a bundler", async ({ task }) => {
  const dist = "./node_modules/catmaid-image/dist";
  const imports = {
    "catmaid-image": `${dist}/catmaid-image.esm.js`,
    "catmaid-image/out": `${dist}/out.js`,
  };
  const consumer = await Consumer.install([], {
    "index.html": page(`<script type="importmap">${JSON.stringify({ imports })}</script>`),
    "main.js": main(),
  });
  const result = await open(consumer, ".");
  task.meta.consumer = { packages: [], result };
  expect(result).toEqual(right);
  expect(await open(consumer, ".", "", noWasm)).toEqual(right);
  expect(await open(consumer, ".", "", strict)).toEqual(withoutWorkers(right));
});
