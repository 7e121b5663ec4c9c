import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { packageVersion } from "./build/bundling-plugins.js";
import { tileWorkerPlugin } from "./build/tile-worker-plugin.js";
import { chromiumArguments, findChromium } from "./test/support/pages/find-chromium.js";

const shared = {
  plugins: [packageVersion(), tileWorkerPlugin()],
  // Node's `import "comlink"` gets its UMD build, which has no named exports.
  ssr: { noExternal: ["comlink"] },
};

function nodeProject(name: string, include: readonly string[], testTimeout: number) {
  return {
    ...shared,
    test: {
      name,
      include: [...include],
      setupFiles: ["test/support/no-listener-leak.setup.ts", "test/support/equal-numbers.setup.ts"],
      environment: "node" as const,
      isolate: false,
      // The tests use servers of their own, which a proxy in the environment does not know.
      env: { NO_PROXY: "*", no_proxy: "*" },
      testTimeout,
      hookTimeout: testTimeout,
    },
  };
}

/** Tests of the package as npm would publish it. */
function ofPackage(name: string, include: string, ...globalSetup: readonly string[]) {
  const project = nodeProject(name, [include], 300_000);
  return {
    ...project,
    test: { ...project.test, globalSetup: ["test/support/programs/packed-package.setup.ts", ...globalSetup] },
  };
}

const config: ViteUserConfig = defineConfig({
  test: {
    // With more, two browsers and a dozen Node processes at once would make time limits of the code under test fire.
    maxWorkers: 2,
    provide: { isThorough: process.env["CATMAID_IMAGE_THOROUGH"] === "1" },
    reporters: ["default", "./test/support/count-reporter.ts"],
    coverage: { provider: "v8", include: ["src/**/*.ts", "workers/**/*.ts"] },
    projects: [
      nodeProject("unit", ["test/unit/**/*.test.ts", "test/portable/**/*.test.ts"], 60_000),
      nodeProject("integration", ["test/integration/**/*.test.ts"], 60_000),
      nodeProject("node", ["test/node/**/*.test.ts"], 120_000),
      ofPackage("package", "test/package/**/*.test.ts"),
      ofPackage(
        "consumers",
        "test/consumers/**/*.test.ts",
        "test/support/servers/http-test-server.setup.ts",
        "test/consumers/consumer-blocks.setup.ts",
      ),
      {
        ...shared,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts", "test/portable/**/*.test.ts"],
          globalSetup: ["test/support/servers/http-test-server.setup.ts"],
          setupFiles: ["test/support/equal-numbers.setup.ts"],
          testTimeout: 60_000,
          isolate: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: findChromium(), args: [...chromiumArguments] },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ["test/types/**/*.test-d.ts"],
            tsconfig: "test/types/tsconfig.json",
          },
        },
      },
    ],
  },
});

export default config;
