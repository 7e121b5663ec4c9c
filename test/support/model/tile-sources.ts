import { type BlockRequestOptions, BlockRequests } from "../../../src/source/block-requests.js";
import type { BlockSource } from "../../../src/source/block-source.js";
import type { SourceAccess } from "../../../src/source/mirror-access.js";
import { TileBlockSource, type TileFormat } from "../../../src/source/tiles/tile-source.js";
import type { BlockIndex } from "../../../src/space/block.js";
import type { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import type { TileIndex } from "../../../src/stack/mirror/tile-index.js";
import { Stack } from "../../../src/stack/stack.js";

const roomy = new Stack({ dimension: { x: 1e6, y: 1e6, z: 1000 }, maxZoomLevel: 4 });

/** The blocks of a mirror of tiles, in a stack that is large enough for any of them. */
export function tileSourceOf(mirror: StackMirror, format: Partial<TileFormat> = {}): TileBlockSource {
  return new TileBlockSource(roomy, mirror, { dataType: "uint8", channel: "grey", ...format });
}

const asking = { auth: undefined, timeoutMs: 1000, missingStatuses: [404] };

/** Opens mirrors, of tiles unless another source is given, and lets them be asked only for blocks. */
export function accessOf(
  optionsOf: (mirror: StackMirror) => Partial<BlockRequestOptions> = () => ({}),
  sourceOf: (mirror: StackMirror) => BlockSource = (mirror) => tileSourceOf(mirror),
): SourceAccess {
  const ask = (): never => {
    throw new Error("nothing is to be asked for but blocks");
  };
  return {
    open: async (mirror) => sourceOf(mirror),
    requests: (source, isWanted) =>
      BlockRequests.create(source, { options: { ...asking, ...optionsOf(source.mirror) }, ask, isWanted }),
  };
}

/** The block of a tile. */
export function blockOfTile({ zoomLevel, depth, row, col }: TileIndex): BlockIndex {
  return { level: zoomLevel, at: [depth, row, col] };
}
