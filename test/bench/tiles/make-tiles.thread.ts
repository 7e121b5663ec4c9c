/** Draws and encodes the files of the benchmarks, one task at a time. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { decodeJpeg } from "../../../workers/decode/jpeg/decode-jpeg.js";
import { makeLayer } from "../blocks/make-layer.js";
import { type BenchMirror, benchMirrors, stackExtent } from "./bench-stack.js";
import { drawSection } from "./draw-section.js";
import { encodeJpeg } from "./encode-jpeg.js";
import { encodePng } from "./encode-png.js";
import { type FileKind, fileKinds } from "./file-kinds.js";
import { cut, type GreyPicture, paste } from "./grey-picture.js";
import { makeKind } from "./make-kind.js";

/** Makes a section with its tiles in all mirrors, the files of a kind (from all sections), or a layer of blocks. */
export type MakeTilesTask =
  | { readonly section: number }
  | { readonly kind: string }
  | { readonly layer: number };

const { folder, images } = workerData as { folder: string; images: string | undefined };

parentPort?.on("message", async (task: MakeTilesTask) => {
  if ("section" in task) makeSection(task.section);
  else if ("layer" in task) await makeLayer(folder, task.layer);
  else makeKind(folder, fileKinds.find(({ key }) => key === task.kind) as FileKind, readSection);
  parentPort?.postMessage("done");
});

function makeSection(z: number): void {
  const section = drawSection(z, images);
  write(section.data, "volumes/png", `${z}.u8`);
  for (const mirror of benchMirrors) {
    const served = { ...section, data: new Uint8Array(section.data.length) };
    for (let top = 0; top < section.height; top += mirror.tileHeight) {
      for (let left = 0; left < section.width; left += mirror.tileWidth) {
        const tile = cut(section, left, top, mirror.tileWidth, mirror.tileHeight);
        const name = `${top / mirror.tileHeight}_${left / mirror.tileWidth}_0.${mirror.extension}`;
        const bytes = encode(tile, mirror);
        write(bytes, "www", mirror.key, `${z}`, name);
        // JPEG is lossy, so the served volume is what decoding the file gives.
        if (mirror.format === "jpeg") paste(decodeJpeg(bytes, tile), served, left, top);
      }
    }
    if (mirror.format === "jpeg") write(served.data, "volumes", mirror.key, `${z}.u8`);
  }
}

function encode(tile: GreyPicture, { format }: BenchMirror): Uint8Array {
  return format === "png"
    ? encodePng(tile.data, tile.width, tile.height, { kind: "grey" })
    : encodeJpeg([tile], { quality: 85 });
}

function readSection(z: number): GreyPicture {
  const data = readFileSync(join(folder, `volumes/png/${z}.u8`));
  return { data, width: stackExtent.x, height: stackExtent.y };
}

function write(bytes: Uint8Array, ...path: string[]): void {
  const file = join(folder, ...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, bytes);
}
