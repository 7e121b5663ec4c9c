import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchTestRegion } from "../support/consumer-code.js";
import { type HttpTestServer, startHttpTestServer } from "../support/http-test-server.js";
import { type PackedPackage, packPackage } from "../support/packed-package.js";
import { runNode } from "../support/run-node.js";
import { testRegionVoxels } from "../support/test-stack.js";

let server: HttpTestServer;
let packed: PackedPackage;
beforeAll(async () => {
  server = await startHttpTestServer();
  packed = packPackage();
});
afterAll(async () => {
  await server.close();
  packed.remove();
});

describe.each(["ImageFetcher", "ThreadedImageFetcher"])(
  "Node with the installed package: %s",
  (fetcherClass) => {
    const script = (): string => `
    import { ${fetcherClass} } from "catmaid-image";
    const fetchRegion = async () => {${fetchTestRegion(fetcherClass, `${server.url}/package/stack/`)}};
    console.log(JSON.stringify(await fetchRegion()));`;
    const right = { shape: [5, 99, 132], voxels: testRegionVoxels(), warnings: [] };

    test("as a module file: the right voxels, and the process ends by itself", async () => {
      const cwd = packed.makeProject({ "main.js": script() });
      const { code, stdout, stderr } = await runNode("", { args: ["main.js"], cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual(right);
    });

    test("as text for node -e, whose arguments a worker must not inherit", async () => {
      const { code, stdout, stderr } = await runNode(script(), { cwd: packed.makeProject({}) });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual(right);
    });

    test("from a CommonJS file, by import()", async () => {
      const main = `import("catmaid-image").then(async ({ ${fetcherClass} }) => {
      const fetchRegion = async () => {${fetchTestRegion(fetcherClass, `${server.url}/package/stack/`)}};
      console.log(JSON.stringify(await fetchRegion()));
    });`;
      const cwd = packed.makeProject({ "main.cjs": main });
      const { code, stdout } = await runNode("", { args: ["main.cjs"], cwd });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual(right);
    });
  },
);

test("workers are used, and one that is the caller's own as well", async () => {
  const script = `
    import { Worker } from "node:worker_threads";
    import { ThreadedImageFetcher } from "catmaid-image";
    let started = 0;
    const createWorker = () => {
      started += 1;
      return new Worker(new URL(import.meta.resolve("catmaid-image/worker")));
    };
    const fetchRegion = async () => {${fetchTestRegion("ThreadedImageFetcher", `${server.url}/package/stack/`, "createWorker, threads: 2")}};
    const { warnings, voxels } = await fetchRegion();
    console.log(JSON.stringify({ started, warnings, count: voxels.length }));`;
  const cwd = packed.makeProject({ "main.js": script });
  const { stdout, stderr } = await runNode("", { args: ["main.js"], cwd });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({ started: 2, warnings: [], count: testRegionVoxels().length });
});

describe("TypeScript with the installed package", () => {
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const main = `
    import { ImageFetcher, ThreadedImageFetcher, isCatmaidImageError, type Volume } from "catmaid-image";
    import type { VolumeWriter } from "catmaid-image/out";
    export async function main(info: unknown, out: VolumeWriter): Promise<Volume<VolumeWriter>> {
      const fetcher: ImageFetcher = ThreadedImageFetcher.fromStackInfo(info, { threads: 2 });
      try {
        return await fetcher.get([[0, 0, 0], [1, 2, 3]], { out });
      } catch (error) {
        if (isCatmaidImageError(error)) console.error(error.code);
        throw error;
      }
    }`;

  test.each([
    ["NodeNext", "NodeNext"],
    ["Preserve", "Bundler"],
  ])("module %s, resolution %s", async (module, moduleResolution) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: "ES2022",
      lib: ["ES2022", "DOM", "ESNext.Disposable"],
      strict: true,
      noEmit: true,
      types: [],
      skipLibCheck: false,
    };
    const cwd = packed.makeProject({
      "main.ts": main,
      "tsconfig.json": JSON.stringify({ compilerOptions, files: ["main.ts"] }),
    });
    const { code, stdout } = await runNode("", { args: [tsc, "-p", cwd], cwd });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });
});
