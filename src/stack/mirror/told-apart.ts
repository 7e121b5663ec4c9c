import { addressOf } from "./mirror-address.js";
import { TileIndex } from "./tile-index.js";

// The pairs 1, 11 and 11, 1 look the same if a layout writes two numbers without a separator. So that mistake is found
// too.
const probed = [1, 11];

/**
 * Whether each tile has an address of its own, and whether each zoom level has. Parts of a URL that get lost on the way
 * (behind `#`, before `..`, in a template without a placeholder) may be the only difference between two tiles.
 *
 * @param urlOf - The URL of a tile of any size. Tiles of one pixel differ exactly if larger ones do.
 */
export function toldApart(
  urlOf: (tile: TileIndex) => string,
  hasLevels: boolean,
): { readonly tiles: boolean; readonly levels: boolean } {
  const differ = (zoomLevels: readonly number[]): boolean => {
    const addresses = zoomLevels.flatMap((zoomLevel) => addressesOf(urlOf, zoomLevel));
    return new Set(addresses).size === addresses.length;
  };
  const tiles = differ([0]);
  // If the layout does not tell tiles apart, the answer for levels does not matter.
  return { tiles, levels: hasLevels && (!tiles || differ(probed)) };
}

function addressesOf(urlOf: (tile: TileIndex) => string, zoomLevel: number): string[] {
  return probed.flatMap((depth) =>
    probed.flatMap((row) =>
      probed.map((col) =>
        addressOf(urlOf(new TileIndex({ depth, row, col, zoomLevel, width: 1, height: 1 }))),
      ),
    ),
  );
}
