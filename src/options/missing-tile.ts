import type { TileIndex } from "../stack/mirror/tile-index.js";

/** What happens to a tile that the server says it does not have. */
export type MissingTile = "fill" | "throw";

/** What happens to a block that N5 or a precomputed volume does not store: it is 0, as the formats say, or an error. */
export type EmptyBlock = "zero" | "throw";

/**
 * Decides whether a tile that arrived with success stands for a missing one: some hosts serve a black or blank image
 * instead of a 404.
 *
 * @param tile - Which tile, in the array of its mirror.
 * @param body - The file as it came; do not keep it.
 *
 * @example
 * ```ts
 * const fetcher = new ImageFetcher(stack, { isMissing: (_tile, body) => body.length === 1247 }); // black.jpg
 * ```
 */
export type TileIsMissing = (tile: TileIndex, body: Uint8Array) => boolean;

/** The values of {@link MissingTile}. */
export const missingTiles: readonly MissingTile[] = ["fill", "throw"];

/** The values of {@link EmptyBlock}. */
export const emptyBlocks: readonly EmptyBlock[] = ["zero", "throw"];
