/**
 * Compiles workers/kernels (AssemblyScript) and writes the module, deflated, as base64 to workers/generated/kernels.ts.
 * In a compressed download, base64 of deflated bytes costs nothing, and base64 of plain bytes costs a third more. Does
 * nothing if the existing file was made from the same sources, options and compiler.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";

const maxBytes = 20 * 1024;
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sourceFolder = join(root, "workers/kernels");
const target = join(root, "workers/generated/kernels.ts");
const options = ["--runtime", "stub", "-O3", "--noAssert", "--enable", "simd", "--use", "abort="];

const asc = await import("assemblyscript/asc");
const sources = Object.fromEntries(
  readdirSync(sourceFolder)
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => [name, readFileSync(join(sourceFolder, name), "utf8")]),
);
const digest = createHash("sha256")
  .update(JSON.stringify([asc.version, options, sources, "deflated"]))
  .digest("hex");
const stamp = `// Sources: sha256 ${digest}`;

if (readIfThere(target).includes(stamp)) {
  console.log("kernels: up to date");
} else {
  const wasm = await compile();
  if (wasm.length > maxBytes) {
    throw new Error(`the kernels have ${wasm.length} bytes, more than the ${maxBytes} that they may have`);
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    [
      "// Written by build/build-kernels.mjs from workers/kernels: do not edit.",
      stamp,
      "",
      `/** The WebAssembly module, ${wasm.length} bytes, as base64 of a zlib stream. */`,
      `export const packedKernels: string =`,
      `  "${deflateSync(wasm, { level: 9 }).toString("base64")}";`,
      "",
    ].join("\n"),
  );
  console.log(`kernels: ${wasm.length} bytes`);
}

async function compile() {
  let wasm;
  const { error, stderr } = await asc.main(["index.ts", "--outFile", "kernels.wasm", ...options], {
    readFile: (name) => sources[name] ?? null,
    writeFile: (name, contents) => {
      if (name === "kernels.wasm") wasm = contents;
    },
    listFiles: () => [],
  });
  const said = stderr.toString().trim();
  if (error || !wasm) throw new Error(`the kernels do not compile\n${said || error?.message}`);
  if (said) console.warn(said);
  return wasm;
}

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
