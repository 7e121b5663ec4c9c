import { expect, test } from "vitest";
import { Consumer } from "./consumer.js";
import type { ConsumerPackage } from "./consumer-package.js";
import { type RegionResult, rightRegions } from "./region-result.js";

const fetchInTest = `
  import { webcrypto as crypto } from "node:crypto";
  import { writeFileSync } from "node:fs";
  import { Worker } from "node:worker_threads";
  import { fetchRegions } from "./fetch-region.js";
  import { task } from "./task.js";
  test("fetches a region", async () => {
    if (typeof document === "undefined") throw new Error("this is not jsdom");
    writeFileSync("result.json", JSON.stringify(await fetchRegions({ ...task, Worker, crypto })));
  });`;

interface Runner {
  readonly name: string;
  readonly packages: readonly ConsumerPackage[];
  readonly run: string;
  readonly files: Readonly<Record<string, string>>;
}

const runners: readonly Runner[] = [
  {
    name: "Vitest in jsdom",
    packages: ["vitest", "jsdom"],
    run: "vitest run --environment jsdom --globals --testTimeout 120000",
    files: { "region.test.js": fetchInTest },
  },
  {
    name: "Jest in jsdom, with --experimental-vm-modules and Node's TextDecoder, Response and DecompressionStream",
    packages: ["jest", "jest-environment-jsdom"],
    run: "NODE_OPTIONS=--experimental-vm-modules jest",
    files: {
      "region.test.js": fetchInTest,
      "environment.cjs": `const { TestEnvironment } = require("jest-environment-jsdom");
        module.exports = class extends TestEnvironment {
          constructor(...args) {
            super(...args);
            Object.assign(this.global, { TextDecoder, Response, DecompressionStream });
          }
        };`,
      "jest.config.js": `export default {
        testEnvironment: "./environment.cjs",
        testTimeout: 120_000,
        testEnvironmentOptions: { customExportConditions: ["node"] },
        transform: {},
      };`,
    },
  },
];

for (const { name, packages, run, files } of runners) {
  test(name, async ({ task }) => {
    const consumer = await Consumer.install(packages, files);
    await consumer.run(run);
    const result = consumer.readJson("result.json") as RegionResult;
    task.meta.consumer = { packages, result };
    expect(result).toEqual(rightRegions("node"));
  });
}
