/**
 * Who may import whom. Data flows space → stack → plan → schedule → pool → assemble → out, and nothing imports
 * against the stream; workers know nothing of src but its error records.
 */

/** A layer, and what it may import besides itself. */
const layers = [
  ["space", ["src/errors"]],
  ["stack", ["src/errors", "src/auth", "src/space/", "src/plan/tile-index"]],
  ["plan", ["src/errors", "src/space/", "src/stack/"]],
  ["cache", ["src/errors", "src/plan/tile-index"]],
  [
    "schedule",
    ["src/errors", "src/on-abort", "src/plan/", "src/cache/", "src/pool/tile-pool", "workers/protocol"],
  ],
  [
    "pool",
    [
      "src/errors",
      "src/on-abort",
      "src/thread-turn",
      "workers/busy-time",
      "workers/protocol",
      "workers/shown-url",
      "workers/tile-transport",
      "workers/node-endpoint.node",
    ],
  ],
  ["assemble", ["src/errors", "src/space/", "src/plan/", "src/out/volume-writer"]],
  ["out", ["src/errors", "src/space/"]],
  ["client", ["src/errors", "src/auth", "src/on-abort", "src/space/", "src/stack/", "workers/shown-url"]],
  [
    "probe",
    [
      "src/errors",
      "src/auth",
      "src/fetch-options",
      "src/get-options",
      "src/mirror-choice",
      "src/mirror-requests",
      "src/space/",
      "src/stack/",
      "src/plan/",
      "src/schedule/",
      "src/pool/",
      "workers/protocol",
    ],
  ],
  ["export", ["src/errors", "src/space/", "src/out/"]],
  ["sample", ["src/errors", "src/space/", "src/stack/", "src/export/"]],
  ["cli", ["src/index", "src/errors", "src/out/", "src/sample/", "src/export/", "workers/shown-url"]],
];

const ours = "^(?:src|workers)/";
const anyOf = (paths) => `^(?:${paths.map((path) => path.replaceAll(".", "\\.")).join("|")})`;
/** Loaded with the first job that needs them, so an exception to what a layer may import at once. */
const lazyWorkerCode = anyOf(["workers/run-tile-job", "workers/fetch-tile", "workers/fetch-transport"]);

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "errors-import-nothing", severity: "error", from: { path: "^src/errors\\.ts$" }, to: {} },
    ...layers.map(([layer, allowed]) => ({
      name: `layer-${layer}`,
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: {
        path: ours,
        pathNot: [anyOf([`src/${layer}/`, ...allowed]), ...(layer === "pool" ? [lazyWorkerCode] : [])],
      },
    })),
    {
      name: "pool-loads-decoders-lazily",
      severity: "error",
      from: { path: "^src/pool/" },
      to: { path: lazyWorkerCode, dependencyTypesNot: ["dynamic-import", "type-only", "type-import"] },
    },
    {
      name: "workers-stand-alone",
      severity: "error",
      from: { path: "^workers/" },
      to: { path: "^src/", pathNot: "^src/errors\\.ts$" },
    },
    {
      name: "main-thread-imports-no-worker-code",
      severity: "error",
      comment: "Only the pool starts workers; the rest may know what a job is, and how to show a URL.",
      from: { path: "^src/", pathNot: "^src/pool/" },
      to: {
        path: "^workers/",
        pathNot: "^workers/(?:protocol|shown-url)\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "node-in-node-files",
      severity: "error",
      from: { path: ours, pathNot: "\\.node\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "node-files-behind-the-imports-map",
      severity: "error",
      comment: "What both platforms share reaches a platform file through package.json's imports alone.",
      from: { path: ours, pathNot: "\\.node\\.ts$|^src/cli/" },
      to: { path: "\\.node\\.ts$" },
    },
    {
      name: "no-dev-dependency",
      severity: "error",
      from: { path: ours, pathNot: "^workers/kernels/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    { name: "no-test-code", severity: "error", from: { path: ours }, to: { path: "^(?:test|demo|build)/" } },
    {
      name: "demo-uses-the-package",
      severity: "error",
      from: { path: "^demo/" },
      to: { path: "^(?:src|workers|test|build)/" },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(?:virtual:|catmaid-image|vitest)" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.test.json" },
    doNotFollow: { path: "node_modules|^dist/" },
    exclude: { path: "^workers/kernels/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "default"],
      extensions: [".ts", ".mjs", ".cjs", ".js", ".json", ".d.ts"],
    },
  },
};
