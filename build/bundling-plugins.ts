import { readFile } from "node:fs/promises";
import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import type { Plugin } from "rollup";
import esbuild from "rollup-plugin-esbuild";

/** The target of a bundle. */
export interface BundlingOptions {
  /** Decides the package's `imports` and the dependencies' `exports`. */
  readonly platform: "browser" | "node";
  readonly minify: boolean;
  /** Newest syntax in the output, in esbuild's notation. */
  readonly target: string;
}

/** The plugins that bundle our TypeScript and the CommonJS packages that it uses. */
export function bundlingPlugins({ platform, minify, target }: BundlingOptions): Plugin[] {
  return [
    sourceOfJsSpecifiers(),
    packageVersion(),
    nodeResolve({
      browser: platform === "browser",
      exportConditions: platform === "node" ? ["node"] : ["browser"],
      preferBuiltins: platform === "node",
      extensions: [".mjs", ".js", ".json"],
    }),
    commonjs(),
    esbuild({ minify, target, tsconfig: false, legalComments: "inline" }),
  ];
}

/** Provides `virtual:package-version` to Rollup and Vitest. package.json is the only place of the version. */
export function packageVersion(): Plugin {
  const id = "virtual:package-version";
  return {
    name: "package-version",
    resolveId: (wanted) => (wanted === id ? `\0${id}` : null),
    async load(wanted) {
      if (wanted !== `\0${id}`) return null;
      const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
      return `export default ${JSON.stringify(version)};`;
    },
  };
}

/** Resolves our imports, which end in `.js` for the compiler, to files that end in `.ts`. */
function sourceOfJsSpecifiers(): Plugin {
  return {
    name: "source-of-js-specifiers",
    async resolveId(id, importer) {
      if (importer === undefined || !importer.endsWith(".ts") || !/^\.\.?\/.*\.js$/.test(id)) return null;
      return await this.resolve(`${id.slice(0, -3)}.ts`, importer, { skipSelf: true });
    },
  };
}
