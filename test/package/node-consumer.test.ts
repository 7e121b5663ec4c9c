import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testRegionVoxels } from "../support/model/test-stack.js";
import { fetchTestRegion } from "../support/pages/consumer-code.js";
import { type PackedPackage, packedPackage } from "../support/programs/packed-package.js";
import { runNode } from "../support/programs/run-node.js";
import { type HttpTestServer, startHttpTestServer } from "../support/servers/http-test-server.js";

let server: HttpTestServer;
let packed: PackedPackage;
beforeAll(async () => {
  server = await startHttpTestServer();
  packed = packedPackage();
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

/** Switches the permission model on. Node 24 renamed the option, and from Node 25 on the model restricts the network too. */
const major = Number.parseInt(process.versions.node, 10);
const restricted = [
  major < 24 ? "--experimental-permission" : "--permission",
  ...(major < 25 ? [] : ["--allow-net"]),
];

test("where Node's permission model forbids workers, the warning says so in Node's words", async () => {
  const script = `
    import { ThreadedImageFetcher } from "catmaid-image";
    const fetchRegion = async () => {${fetchTestRegion("ThreadedImageFetcher", `${server.url}/package/stack/`, "threads: 1")}};
    console.log(JSON.stringify(await fetchRegion()));`;
  const cwd = packed.makeProject({ "main.js": script });
  const args = ["--no-warnings", ...restricted, "--allow-fs-read=*", "main.js"];
  const { stdout } = await runNode("", { args, cwd });
  const { voxels, warnings } = JSON.parse(stdout);
  expect(voxels).toEqual(testRegionVoxels());
  expect(warnings).toEqual([expect.stringMatching(/^No tile worker could be started .*--allow-worker\.$/)]);
  expect(warnings[0]).not.toContain("Content-Security-Policy");
});

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
