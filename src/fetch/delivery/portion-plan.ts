import { InvalidOptionError } from "../../errors.js";
import type { VolumeWriter } from "../../out/volume-writer.js";
import type { Triple } from "../../space/axis-order.js";
import type { PortionRequest } from "./portions.js";
import { Portions } from "./portions.js";

/** What a region takes on its way to a writer. */
export interface PortionPlan {
  readonly writer: VolumeWriter;
  readonly portions: Portions;
  /** Shape of the writer's chunks, in output order; `undefined`: a portion is one. */
  readonly chunkShape: Triple | undefined;
  /** Calls of `write` that may be under way at a time. */
  readonly concurrency: number;
  /** Portions that are in memory at a time. */
  readonly memories: number;
  /** Blocks that are under way at a time. */
  readonly width: number;
}

/** What a {@link PortionPlan} is made for. */
export interface PortionPlanRequest extends Omit<PortionRequest, "maxBytes"> {
  readonly writer: VolumeWriter;
  readonly concurrency: number;
  /** Most blocks under way at a time. */
  readonly maxWidth: number;
  /** Most bytes of portions and blocks at a time. */
  readonly maxMemoryBytes: number;
}

// What fits into one array everywhere.
const longestArrayBytes = 2 ** 31;

/** Shares out the memory of a fetch: at most a quarter to the blocks under way, if they are not single, the rest to portions. */
export function planPortions(request: PortionPlanRequest): PortionPlan {
  const { writer, level, bytesPerVoxel, chunkShape, concurrency, maxWidth, maxMemoryBytes } = request;
  const blockBytes = level.blockShape.reduce((product, extent) => product * extent, bytesPerVoxel);
  const width = Math.max(1, Math.min(maxWidth, Math.floor(maxMemoryBytes / 4 / blockBytes)));
  const rest = maxMemoryBytes - width * blockBytes;
  // One is fetched while another is written.
  const portions = new Portions({ ...request, maxBytes: Math.min(rest / 2, longestArrayBytes) });
  if (portions.bytes > rest && width > 1) return planPortions({ ...request, maxWidth: 1 });
  if (portions.bytes > rest) {
    throw new InvalidOptionError(
      `maxMemoryBytes must be at least ${blockBytes + portions.bytes} for blocks of ${level.blockShape.join(" × ")} voxels ` +
        `and chunks of ${chunkShape?.join(" × ") ?? "any shape"}, got ${maxMemoryBytes}`,
    );
  }
  // More would only wait: those that are written, the next, and those that the blocks under way belong to.
  const written = chunkShape === undefined ? concurrency : 1;
  const useful = written + 1 + Math.ceil((width * blockBytes) / portions.bytes);
  const memories = Math.min(useful, portions.count, Math.floor(rest / portions.bytes));
  return { writer, portions, chunkShape, concurrency, memories, width };
}
