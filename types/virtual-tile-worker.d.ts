/** Served by build/tile-worker-plugin.ts, to Rollup and to Vitest alike. */
declare module "virtual:tile-worker-source" {
  /** The browser's tile worker with the kernels alone, as one classic script. */
  const source: string;
  export default source;
}

declare module "virtual:complete-tile-worker-source" {
  /** The browser's tile worker with all decoders, as one classic script. */
  const source: string;
  export default source;
}

declare module "virtual:node-tile-worker-source" {
  /** Node's tile worker, as one CommonJS script. */
  const source: string;
  export default source;
}

/** Served by build/script-tag-plugin.ts to the single-file builds. */
declare module "virtual:tile-worker-function" {
  /** Makes what `workers/entry.script.ts` exports, with the kernels alone. */
  export function tileWorker(): typeof import("../workers/entry.script.js");
}

declare module "virtual:all-decoders" {
  /** As in `workers/run-job.ts`, with all decoders. */
  export const runJob: typeof import("../workers/run-job.js").runJob;
}

/** Served by build/bundling-plugins.ts. */
declare module "virtual:package-version" {
  /** That of package.json. */
  const version: string;
  export default version;
}
