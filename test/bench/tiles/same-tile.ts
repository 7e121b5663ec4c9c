import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawSampleTile } from "../../../src/sample/draw-sample.js";
import { encodePng } from "./encode-png.js";

/** Side of the tile that every path under `/same/` is, in pixels: small, so that what is measured is the work per tile. */
export const sameTileSide = 64;

/** Its pixels. */
export function sameTile(): Uint8Array {
  return drawSampleTile({ x: 0, y: 0, z: 0, width: sameTileSide, height: sameTileSide });
}

/** Puts it where servers look for it. */
export function writeSameTile(folder: string): void {
  const www = join(folder, "www");
  mkdirSync(www, { recursive: true });
  writeFileSync(join(www, "same.png"), encodePng(sameTile(), sameTileSide, sameTileSide, { kind: "grey" }));
}
