import { TileBlockSource, type TileFormat } from "../../src/source/tiles/tile-source.js";
import type { StackMirror } from "../../src/stack/mirror/stack-mirror.js";
import { Stack } from "../../src/stack/stack.js";

const roomy = new Stack({ dimension: { x: 1e6, y: 1e6, z: 1000 }, maxZoomLevel: 4 });

/** The blocks of a mirror of tiles, in a stack that is large enough for all of them. */
export function tileSourceOf(mirror: StackMirror, format: Partial<TileFormat> = {}): TileBlockSource {
  return new TileBlockSource(roomy, mirror, { dataType: "uint8", channel: "grey", ...format });
}
