import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MarkdownBlock, markdownBlocks } from "../support/pages/markdown-blocks.js";
import { type PackedPackage, packedPackage } from "../support/programs/packed-package.js";
import { runNode } from "../support/programs/run-node.js";
import { isTried } from "../support/thorough.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where each version that is supported is installed; README.md names the oldest. */
const compilers = {
  "5.2": "typescript-5.2",
  "5.9": "typescript-5.9",
  "6.0": "typescript",
  "7.0": "typescript-7",
} as const;
const documents = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith(".md"),
);

/** A block as a module, after what the documents say is there already; its own names may be the same. */
function asModule({ code }: MarkdownBlock): string {
  const imports = code.match(/^import .*;$/gm) ?? [];
  return `import * as before from "catmaid-image";
    ${imports.join("\n")}
    declare const client: before.CatmaidClient;
    declare const fetcher: before.ThreadedImageFetcher;
    {
      ${code.replace(/^import .*;$/gm, "")}
    }`;
}

/** What pages, Node and CATMAID have beside the library. */
const surroundings = `/// <reference types="catmaid-image" />
  declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
  declare const CATMAID: {
    readonly backendURL: string;
    readonly StackLayer: object;
    registerWidget(options: object): void;
    handleError(error: unknown): void;
    msg(title: string, text: string): void;
  };
  interface StackLayer {
    readonly stack: { readonly id: number };
    readonly tileSource: { readonly id: number; readonly maxTiles: number | null };
  }
  declare const project: {
    readonly id: number;
    readonly focusedStackViewer: {
      readonly primaryStack: { readonly id: number };
      getLayersOfType(type: object): { find(isMeant: (layer: StackLayer) => boolean): StackLayer };
      projectCoordinates(): { readonly x: number; readonly y: number; readonly z: number };
    };
  };`;

/** What the documents have no block for. */
const handbook = `
  import { type CatmaidImageErrorCode, ImageFetcher, isCatmaidImageError, ThreadedImageFetcher } from "catmaid-image";
  import type { Roi, Volume, VolumeOut } from "catmaid-image";
  import { MemoryByteSink, NpyWriter, NrrdWriter, RawWriter, TiffWriter, type VolumeWriter } from "catmaid-image/out";
  import { Hdf5Writer } from "catmaid-image/out/hdf5";

  export async function hash(fetcher: ImageFetcher): Promise<ArrayBuffer> {
    const { data } = await fetcher.get([[0, 0, 0], [1, 2, 3]]);
    new Blob([data]);
    new Response(data);
    return crypto.subtle.digest("SHA-256", data);
  }
  export async function save(info: unknown, roi: Roi): Promise<Volume<NpyWriter>> {
    const fetcher: ImageFetcher = ThreadedImageFetcher.fromStackInfo(info, { threads: 2 });
    const sink = new MemoryByteSink();
    new RawWriter(sink, { metadata: { roi }, sidecar: new MemoryByteSink() });
    await fetcher.get(roi, { out: new TiffWriter(sink, { form: "single-ifd" }) });
    await fetcher.get(roi, { out: new NrrdWriter(sink) });
    await fetcher.get(roi, { out: new Hdf5Writer(sink, { compression: { kind: "gzip", level: 4 }, chunkShape: [1, 2, 3] }) });
    const volume = await fetcher.get(roi, { out: new NpyWriter(sink) });
    new Blob([sink.bytes]);
    const nothing: undefined = volume.data;
    return volume;
  }
  export function fetchInto<O extends VolumeOut>(fetcher: ImageFetcher, roi: number[][], out: O): Promise<Volume<O>> {
    return fetcher.get(roi, { out });
  }
  export const writer: VolumeWriter = { async write(box, { data }) { new Blob([data, String(box.lower[0])]); } };
  export function explain(error: unknown): string | CatmaidImageErrorCode {
    if (!isCatmaidImageError(error)) return "unknown";
    switch (error.code) {
      case "tile-fetch":
        return error.url + error.attempts;
      case "broken-slice":
        return error.section.toFixed();
      case "api":
        return error.type ?? error.code;
      default:
        return error.code;
    }
  }`;

const files: Record<string, string> = { "surroundings.d.ts": surroundings, "handbook.ts": handbook };
/** Their names are in the compiler's messages. */
for (const name of documents) {
  const blocks = markdownBlocks(readFileSync(join(root, name), "utf8"));
  for (const [index, block] of blocks.filter(({ language }) => language === "js").entries()) {
    const heading = block.heading.replace(/\W+/g, "-");
    // CATMAID's widgets are classic scripts.
    const isScript = block.directive === "widget";
    files[`${name}.${index}.${heading}.ts`] = isScript ? block.code : asModule(block);
  }
}

/** How a consumer may compile. */
const modes = {
  bundler: { module: "ESNext", moduleResolution: "Bundler", lib: ["ES2022", "DOM"], types: [] },
  node16: { module: "Node16", lib: ["ES2022", "DOM"], types: [] },
  nodenext: { module: "NodeNext", lib: ["ES2022", "DOM"], types: [] },
} as const;
for (const [mode, options] of Object.entries(modes)) {
  // A widget is a script, and finds the global of the script-tag build.
  const strict = {
    target: "ES2022",
    strict: true,
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    noEmit: true,
    moduleDetection: "legacy",
  };
  const names = Object.keys(files).filter((name) => name.endsWith(".ts"));
  files[`tsconfig.${mode}.json`] = JSON.stringify({
    compilerOptions: { ...strict, ...options },
    files: names,
  });
}

let packed: PackedPackage;
let project: string;
beforeAll(() => {
  packed = packedPackage();
  project = packed.makeProject(files);
});
afterAll(() => packed.remove());

describe.each(Object.entries(compilers))("TypeScript %s", (version, folder) => {
  const place = Object.keys(compilers).indexOf(version);
  const installed = join(root, "node_modules", folder);
  const tsc = join(installed, "bin/tsc");

  // The oldest in all modes, the others in one each.
  test.each(Object.keys(modes).filter((_, mode) => place === 0 || isTried(3, place, mode)))(
    "%s: the declarations and all code of the documents compile",
    async (mode) => {
      expect(JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).version).toContain(
        `${version}.`,
      );
      const args = [tsc, "-p", `tsconfig.${mode}.json`];
      const { code, stdout, stderr } = await runNode("", { args, cwd: project });
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "", stderr: "" });
    },
  );
});

test("README.md names the oldest version", () => {
  expect(readFileSync(join(root, "README.md"), "utf8")).toContain(`TypeScript ${Object.keys(compilers)[0]}`);
});
