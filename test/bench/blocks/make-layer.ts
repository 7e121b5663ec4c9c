import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import Blosc from "numcodecs/blosc";
import { drawSampleTile } from "../../../src/sample/draw-sample.js";
import { encodeN5Block } from "../../../workers/encode/encode-n5-block.js";
import { blockSide, blockVolume, compressorOf, folderOf, type Packing, packings } from "./block-volume.js";

/** Writes a layer of the volume's blocks in both formats, and its sections as the expected result. */
export async function makeLayer(folder: string, layer: number): Promise<void> {
  const { y: height, x: width } = blockVolume;
  const sections = Array.from({ length: blockSide }, (_, n) => {
    const z = layer * blockSide + n;
    const data = drawSampleTile({ x: 0, y: 0, z, width, height });
    write(data, folder, "volumes/blocks", `${z}.u8`);
    return data;
  });
  for (const packing of packings) writeMetadata(folder, packing);
  for (let row = 0; row < height / blockSide; row++) {
    for (let column = 0; column < width / blockSide; column++) {
      const block = cutBlock(sections, row * blockSide, column * blockSide);
      for (const packing of packings) {
        const packed = await pack(block, packing);
        const n5 = encodeN5Block(packed, [blockSide, blockSide, blockSide]);
        write(n5, folder, "www", folderOf("n5", packing), `${column}/${row}/${layer}`);
        write(packed, folder, "www", folderOf("zarr", packing), `${layer}/${row}/${column}`);
      }
    }
  }
}

function cutBlock(sections: readonly Uint8Array[], top: number, left: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(blockSide ** 3);
  for (const [z, section] of sections.entries()) {
    for (let y = 0; y < blockSide; y++) {
      const from = (top + y) * blockVolume.x + left;
      block.set(section.subarray(from, from + blockSide), (z * blockSide + y) * blockSide);
    }
  }
  return block;
}

async function pack(block: Uint8Array, packing: Packing): Promise<Uint8Array> {
  if (packing === "raw") return block;
  if (packing === "gzip") return gzipSync(block, { level: 6 });
  return Blosc.fromConfig(compressorOf.blosc as Parameters<typeof Blosc.fromConfig>[0]).encode(block);
}

function writeMetadata(folder: string, packing: Packing): void {
  const { z, y, x } = blockVolume;
  const compressor = compressorOf[packing];
  const { id: type = "raw", ...details } = (compressor ?? {}) as { id?: string };
  const attributes = {
    dimensions: [x, y, z],
    blockSize: [blockSide, blockSide, blockSide],
    dataType: "uint8",
    compression: { type, ...details },
  };
  const array = {
    zarr_format: 2,
    shape: [z, y, x],
    chunks: [blockSide, blockSide, blockSide],
    dtype: "|u1",
    compressor: compressor ?? null,
    fill_value: 0,
    filters: null,
    order: "C",
    dimension_separator: "/",
  };
  write(JSON.stringify({ n5: "2.5.0" }), folder, "www/n5/attributes.json");
  write(JSON.stringify(attributes), folder, "www", folderOf("n5", packing), "attributes.json");
  write(JSON.stringify(array), folder, "www", folderOf("zarr", packing), ".zarray");
}

function write(bytes: Uint8Array | string, ...path: string[]): void {
  const file = join(...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, bytes);
}
