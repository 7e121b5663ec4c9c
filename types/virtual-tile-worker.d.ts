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

declare module "virtual:tile-worker-url" {
  /** The file URL of Node's tile worker. */
  const url: string;
  export default url;
}

/** Served by build/bundling-plugins.ts. */
declare module "virtual:package-version" {
  /** That of package.json. */
  const version: string;
  export default version;
}
