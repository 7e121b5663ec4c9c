import { addressOf } from "./mirror-address.js";
import { TileIndex } from "./tile-index.js";

// Written one after another, 1 and 11 are 11 and 1: a layout that runs two numbers together is found as well.
const probed = [1, 11];

/**
 * Whether a server is asked for something else for each tile, and at which zoom levels it can tell them: what a URL
 * loses on its way (behind `#`, before `..`, in a template without a placeholder) may be all that told two tiles apart.
 *
 * @param urlOf - The URL of a tile, of any size: tiles of one pixel are told apart no sooner than larger ones.
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
  // Of a layout that tells no tiles apart, it does not matter.
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
