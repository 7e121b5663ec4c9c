/**
 * Who may import whom. Data flows from a region down to voxels, and no import goes against that direction. Every file
 * of src and workers belongs to a layer; `no-loose-file` fails for any other file.
 */

/** A folder of src, and what it may import besides itself, the errors, and the checks of options. */
const layers = [
  ["space", []],
  ["stack", ["src/space/"]],
  ["concurrency", []],
  ["cache", ["src/space/block"]],
  ["plan", ["src/space/", "src/stack/", "src/source/block-source"]],
  [
    "source",
    [
      "src/space/",
      "src/stack/",
      "src/concurrency/",
      "src/schedule/",
      "src/options/",
      "src/concurrency/",
      "workers/protocol",
      "workers/transport/shown-url",
    ],
  ],
  [
    "pool",
    [
      "src/space/axis-order",
      "src/space/bytes",
      "src/space/data-type",
      "src/concurrency/",
      "workers/busy-time",
      "workers/decoders-missing",
      "workers/protocol",
      "workers/transport/",
      "workers/node-endpoint.node",
    ],
  ],
  [
    "schedule",
    [
      "src/space/block",
      "src/concurrency/",
      "src/cache/",
      "src/pool/block-pool",
      "workers/protocol",
      "workers/transport/shown-url",
    ],
  ],
  [
    "out",
    [
      "src/space/",
      "workers/decode/unpack/",
      "workers/decode/damaged-data",
      "workers/decode/decode-block",
      "workers/decode/axes/",
      "workers/decode/voxels-of-bytes",
      "workers/encode/",
      "workers/crc-32",
      "workers/protocol",
    ],
  ],
  ["assemble", ["src/space/", "src/plan/", "src/concurrency/"]],
  [
    "options",
    [
      "src/space/",
      "src/stack/",
      "src/source/tiles/tile-source",
      "src/plan/",
      "src/cache/",
      "src/schedule/",
      "src/pool/",
    ],
  ],
  [
    "fetch",
    [
      "src/space/",
      "src/stack/",
      "src/concurrency/",
      "src/plan/",
      "src/source/",
      "src/schedule/",
      "src/pool/pack-bytes",
      "src/assemble/",
      "src/out/",
      "src/options/",
    ],
  ],
  [
    "client",
    ["src/space/", "src/stack/", "src/concurrency/", "src/source/mirror-origin", "workers/transport/"],
  ],
  [
    "probe",
    [
      "src/space/",
      "src/stack/",
      "src/concurrency/",
      "src/source/",
      "src/cache/",
      "src/schedule/",
      "src/pool/",
      "src/options/",
      "workers/protocol",
    ],
  ],
  [
    "fetcher",
    [
      "src/space/",
      "src/stack/",
      "src/concurrency/",
      "src/source/",
      "src/cache/",
      "src/schedule/",
      "src/pool/",
      "src/out/",
      "src/options/",
      "src/fetch/",
      "src/client/",
      "src/probe/",
    ],
  ],
  ["sample", ["src/space/", "src/stack/", "workers/encode/"]],
  [
    "tasks",
    [
      "src/index",
      "src/space/",
      "src/concurrency/",
      "src/out/",
      "src/pool/",
      "src/fetch/delivery/portions",
      "src/fetch/delivery/writer-tools",
    ],
  ],
  [
    "cli",
    [
      "src/index",
      "src/client/json-",
      "src/space/data-type",
      "src/out/",
      "src/sample/",
      "src/tasks/",
      "workers/decode/foreign-bytes",
      "workers/encode/",
      "workers/transport/shown-url",
    ],
  ],
];

/** A folder of workers, and what else of workers it may import. */
const workerLayers = [
  ["transport", ["workers/protocol", "workers/busy-time"]],
  [
    "decode",
    ["workers/crc-32", "workers/generated/", "workers/handed-back", "workers/protocol", "workers/swap-bytes"],
  ],
  ["encode", ["workers/crc-32", "workers/protocol", "workers/swap-bytes"]],
];

const ours = "^(?:src|workers)/";
const anyOf = (paths) => `^(?:${paths.map((path) => path.replaceAll(".", "\\.")).join("|")})`;
/** The places where files may be: in a layer, or under one of these names. */
const housed = anyOf([
  "src/index",
  "src/errors",
  ...layers.map(([layer]) => `src/${layer}/`),
  ...workerLayers.map(([layer]) => `workers/${layer}/`),
  "workers/generated/",
  "workers/protocol",
  "workers/run-job",
  "workers/worker-service",
  "workers/entry",
  "workers/busy-time",
  "workers/code-in-page",
  "workers/crc-32",
  "workers/decoders-missing",
  "workers/handed-back",
  "workers/node-endpoint.node",
  "workers/swap-bytes",
]);

/** These files are loaded with the first job that needs them, so any layer may import them dynamically. */
const lazyWorkerCode = anyOf([
  "workers/run-job",
  "workers/transport/fetch-file",
  "workers/transport/fetch-transport",
]);

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    { name: "errors-import-nothing", severity: "error", from: { path: "^src/errors\\.ts$" }, to: {} },
    {
      name: "checks-import-errors-and-data-types-alone",
      severity: "error",
      from: { path: "^src/options/check-option\\.ts$" },
      to: { pathNot: "^src/(?:errors|space/data-type)\\.ts$" },
    },
    ...layers.map(([layer, allowed]) => ({
      name: `layer-${layer}`,
      severity: "error",
      from: { path: `^src/${layer}/` },
      to: {
        path: ours,
        pathNot: [
          anyOf([`src/${layer}/`, "src/errors", "src/options/check-option", ...allowed]),
          ...(layer === "pool" ? [lazyWorkerCode] : []),
        ],
      },
    })),
    ...workerLayers.map(([layer, allowed]) => ({
      name: `layer-workers-${layer}`,
      severity: "error",
      from: { path: `^workers/${layer}/` },
      to: { path: "^workers/", pathNot: anyOf([`workers/${layer}/`, ...allowed]) },
    })),
    {
      name: "no-loose-file",
      severity: "error",
      comment: "Every file belongs to a layer, or is one of the few that hold the layers together.",
      from: { path: ours, pathNot: housed },
      to: {},
    },
    {
      name: "no-import-of-a-loose-file",
      severity: "error",
      from: {},
      to: { path: ours, pathNot: housed },
    },
    {
      name: "sample-is-for-the-command-line",
      severity: "error",
      comment: "Nothing that a user of the library loads draws the sample.",
      from: { path: ours, pathNot: "^src/(?:cli|sample)/" },
      to: { path: "^src/sample/" },
    },
    {
      name: "tasks-are-for-the-command-line",
      severity: "error",
      comment: "A library has no processes that are numbered.",
      from: { path: ours, pathNot: "^src/(?:cli|tasks)/" },
      to: { path: "^src/tasks/" },
    },
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
      to: {
        path: "^src/",
        pathNot: "^src/(?:errors|concurrency/after-others|space/(?:axis-order|block|data-type))\\.ts$",
      },
    },
    {
      name: "workers-name-blocks",
      severity: "error",
      comment:
        "What a block is are types: a worker runs no code of the calling thread but that of data types.",
      from: { path: "^workers/" },
      to: { path: "^src/space/(?:axis-order|block)\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "sources-are-named-up-the-stream",
      severity: "error",
      comment: "A plan and an option name what a source tells of itself, and run none of it.",
      from: { path: "^src/(?:plan|options)/" },
      to: { path: "^src/source/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "main-thread-imports-no-worker-code",
      severity: "error",
      comment:
        "Only the pool starts workers; the rest may know what a job is, how to show a URL, and what content is. Node has one way for all requests. What is written is read again.",
      from: { path: "^src/", pathNot: "^src/(?:out/|pool/|client/platform-api-transport\\.node\\.ts)" },
      to: {
        path: "^workers/",
        pathNot: "^workers/(?:protocol\\.ts|transport/shown-url\\.ts|decode/foreign-bytes\\.ts|encode/)",
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
      from: { path: ours, pathNot: "\\.node\\.ts$|^src/(?:cli|tasks)/" },
      to: { path: "\\.node\\.ts$" },
    },
    {
      name: "no-dev-dependency",
      severity: "error",
      from: { path: ours, pathNot: "^workers/kernels/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        // Peer dependencies, which users may install for a format, are dev dependencies here for the tests.
        dependencyTypesNot: ["npm-peer"],
      },
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
