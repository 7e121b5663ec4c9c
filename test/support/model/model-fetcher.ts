import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import type { BlockPool } from "../../../src/pool/block-pool.js";
import type { TileDataType } from "../../../src/source/tiles/tile-source.js";
import type { BlockJob, BlockResult } from "../../../workers/protocol.js";
import type { ModelStack, ModelTile } from "./model-stack.js";
import { modelTilePixels } from "./model-stack.js";

/** The stack info of a model stack with one mirror of type 1 per base. */
export function modelStackInfo(stack: ModelStack, bases: readonly string[]): Record<string, unknown> {
  return {
    sid: 1,
    pid: 1,
    stitle: "model",
    dimension: stack.dimension,
    resolution: stack.resolution,
    translation: stack.translation,
    orientation: 0,
    downsample_factors: stack.downsampleFactors,
    broken_slices: Object.fromEntries(stack.brokenSlices.map((section) => [section, 1])),
    canary_location: { x: 0, y: 0, z: 0 },
    mirrors: bases.map((base, position) => ({
      id: position + 1,
      title: `mirror ${position}`,
      position,
      image_base: base,
      file_extension: "png",
      tile_width: stack.tileWidth,
      tile_height: stack.tileHeight,
      tile_source_type: 1,
    })),
  };
}

/** The tile that the last parts of a URL of type 1 name. */
export function modelTileOf(path: string): ModelTile | undefined {
  const match = /(-?\d+)\/(-?\d+)_(-?\d+)_(\d+)\.png(?:\?.*)?$/.exec(path);
  if (match === null) return undefined;
  const [depth = 0, row = 0, col = 0, zoomLevel = 0] = match.slice(1).map(Number);
  return { depth, row, col, zoomLevel };
}

/** A pool that has the tiles of a model stack immediately, without a network. */
export class ModelPool implements BlockPool {
  readonly kind = "in-process" as const;
  /** The requested tiles, in order. */
  readonly asked: ModelTile[] = [];
  readonly #stack: ModelStack;
  readonly #answer: (tile: ModelTile) => BlockResult | undefined;

  /** @param answer - The server's answer instead of the tile, if any. */
  constructor(stack: ModelStack, answer: (tile: ModelTile) => BlockResult | undefined = () => undefined) {
    this.#stack = stack;
    this.#answer = answer;
  }

  async run(job: BlockJob, signal: AbortSignal): Promise<BlockResult> {
    signal.throwIfAborted();
    const tile = modelTileOf(job.url);
    if (tile === undefined) throw new Error(`no tile of the model: ${job.url}`);
    this.asked.push(tile);
    const answer = this.#answer(tile);
    if (answer !== undefined) return answer;
    const pixels = modelTilePixels(this.#stack, tile);
    // A plan that asks for a tile which does not exist is wrong, whatever a server would answer.
    if (pixels === undefined) throw new Error(`asked for a tile that the level does not have: ${job.url}`);
    const { data, width, height } = pixels;
    return { kind: "block", data, shape: [1, height, width], bodyBytes: data.length, decoder: "model" };
  }

  async close(): Promise<void> {}
}

/** An `ImageFetcher` with a pool of the test. */
export function fetcherOn<D extends TileDataType = "uint8">(
  pool: BlockPool,
  stack: ModelStack,
  options: ImageFetcherOptions<D> = {},
  info: unknown = modelStackInfo(stack, ["http://model/tiles/"]),
): ImageFetcher<D> {
  class FetcherOnPool extends ImageFetcher {
    protected override createPool(): BlockPool {
      return pool;
    }
  }
  return FetcherOnPool.fromStackInfo(info, options);
}
