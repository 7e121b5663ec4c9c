import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PackedPackage, packedPackage } from "../support/programs/packed-package.js";
import { runNode } from "../support/programs/run-node.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

let packed: PackedPackage;
beforeAll(() => {
  packed = packedPackage();
});
afterAll(() => packed.remove());

const info = {
  shape: [5, 6, 7],
  dataType: "uint8",
  orientation: "zyx",
  projectAxes: ["z", "y", "x"],
  resolution: [40, 4, 4],
  position: [0, 0, 0],
  origin: [0, 0, 0],
  zoomLevel: 0,
  fillValue: 0,
  isLabels: false,
  stack: { id: 1, title: "stack" },
  mirror: { position: 0, title: "mirror" },
};

const script = `
  import { MemoryByteSink } from "catmaid-image/out";
  import { Hdf5Writer } from "catmaid-image/out/hdf5";
  const sink = new MemoryByteSink();
  const writer = new Hdf5Writer(sink);
  const told = await writer.begin(${JSON.stringify(info)}, {}).then(() => "begun", ({ code, message }) => [code, message]);
  if (told === "begun") {
    await writer.write({ lower: [0, 0, 0], upper: [5, 6, 7] }, { data: new Uint8Array(210).fill(9), shape: [5, 6, 7] });
    await writer.flush();
  }
  const signature = new TextDecoder("latin1").decode(sink.bytes.subarray(1, 4));
  console.log(JSON.stringify({ told, signature }));`;

test("HDF5 is an entry of its own, which needs h5wasm", async () => {
  const cwd = packed.makeProject({ "main.js": script });
  symlinkSync(join(root, "node_modules/h5wasm"), join(cwd, "node_modules/h5wasm"), "dir");
  const { code, stdout, stderr } = await runNode("", { args: ["main.js"], cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({ told: "begun", signature: "HDF" });
});

test("without h5wasm a sentence says what to install", async () => {
  const { stdout } = await runNode("", { args: ["main.js"], cwd: packed.makeProject({ "main.js": script }) });
  expect(JSON.parse(stdout)).toEqual({
    told: ["invalid-out", "HDF5 files need the package h5wasm: npm install h5wasm"],
    signature: "",
  });
});

test("trap 52: no file of the package holds h5wasm, and only the entry for HDF5 asks for it", () => {
  const files = readdirSync(join(root, "dist")).filter((file) => file.endsWith(".js"));
  const textOf = (file: string): string => readFileSync(join(root, "dist", file), "utf8");
  // A constant of its own, which is in its code.
  const trace = "H5F_ACC_TRUNC";
  expect(readFileSync(join(root, "node_modules/h5wasm/dist/esm/hdf5_hl.js"), "utf8")).toContain(trace);
  expect(files.filter((file) => textOf(file).includes(trace))).toEqual([]);
  const asking = files.filter((file) => /import\(["']h5wasm["']\)/.test(textOf(file)));
  expect(asking.sort()).toEqual(["out-hdf5.js", "out-hdf5.node.js"]);
});
