import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawSampleTile } from "../../../src/sample/draw-sample.js";
import { encodePng } from "./encode-png.js";

/** Side of the tile at every path under `/same/`, in pixels: small, so that mainly the work per tile is measured. */
export const sameTileSide = 64;

/** The pixels of this tile. */
export function sameTile(): Uint8Array {
  return drawSampleTile({ x: 0, y: 0, z: 0, width: sameTileSide, height: sameTileSide });
}

/** Puts the tile where servers look for it. */
export function writeSameTile(folder: string): void {
  const www = join(folder, "www");
  mkdirSync(www, { recursive: true });
  writeFileSync(join(www, "same.png"), encodePng(sameTile(), sameTileSide, sameTileSide, { kind: "grey" }));
}
