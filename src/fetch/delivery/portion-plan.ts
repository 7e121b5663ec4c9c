import { InvalidOptionError } from "../../errors.js";
import type { VolumeWriter } from "../../out/volume-writer.js";
import type { Triple } from "../../space/axis-order.js";
import type { PortionRequest } from "./portions.js";
import { Portions } from "./portions.js";

/** How a region goes to a writer: in which portions, and with how much memory. */
export interface PortionPlan {
  readonly writer: VolumeWriter;
  readonly portions: Portions;
  /** Shape of the writer's chunks, in output order; `undefined` if each portion is one chunk. */
  readonly chunkShape: Triple | undefined;
  /** Most calls of `write` under way at a time. */
  readonly concurrency: number;
  /** Most portions in memory at a time. */
  readonly memories: number;
  /** Most blocks under way at a time. */
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

// Every platform can make an array of this size.
const longestArrayBytes = 2 ** 31;

/**
 * Divides the memory of a fetch: at most a quarter, or one block, for the blocks under way, and the rest for portions.
 */
export function planPortions(request: PortionPlanRequest): PortionPlan {
  const { writer, level, bytesPerVoxel, chunkShape, concurrency, maxWidth, maxMemoryBytes } = request;
  const blockBytes = level.blockShape.reduce((product, extent) => product * extent, bytesPerVoxel);
  const width = Math.max(1, Math.min(maxWidth, Math.floor(maxMemoryBytes / 4 / blockBytes)));
  const rest = maxMemoryBytes - width * blockBytes;
  // Two portions must fit: one is fetched while another is written.
  const portions = new Portions({ ...request, maxBytes: Math.min(rest / 2, longestArrayBytes) });
  if (portions.bytes > rest && width > 1) return planPortions({ ...request, maxWidth: 1 });
  if (portions.bytes > rest) {
    throw new InvalidOptionError(
      `maxMemoryBytes must be at least ${blockBytes + portions.bytes} for blocks of ${level.blockShape.join(" × ")} voxels ` +
        `and chunks of ${chunkShape?.join(" × ") ?? "any shape"}, got ${maxMemoryBytes}`,
    );
  }
  // The portions being written, the next one, and those of the blocks under way; more would only wait.
  const written = chunkShape === undefined ? concurrency : 1;
  const useful = written + 1 + Math.ceil((width * blockBytes) / portions.bytes);
  const memories = Math.min(useful, portions.count, Math.floor(rest / portions.bytes));
  return { writer, portions, chunkShape, concurrency, memories, width };
}
