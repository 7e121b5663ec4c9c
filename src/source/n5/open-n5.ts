import { shownUrl } from "../../../workers/transport/shown-url.js";
import { InvalidOptionError, isTileError, UnsupportedMirrorError } from "../../errors.js";
import type { Vector3 } from "../../space/axis-order.js";
import { lenientNumber } from "../../stack/lenient-number.js";
import { type BlockAddress, blockFileUrl, parseBlockAddress } from "../../stack/mirror/block-address.js";
import { nameOf } from "../../stack/mirror/mirror-name.js";
import type { StackMirror } from "../../stack/mirror/stack-mirror.js";
import type { Stack } from "../../stack/stack.js";
import { isWholeStack } from "../array-level.js";
import type { Ask, BlockSource } from "../block-source.js";
import { isLabelData } from "../labels.js";
import { lackingLevels, mostLevels, noPlaceholder } from "../lacking-levels.js";
import { levelWarnings } from "../level-warnings.js";
import { declaredFactors } from "./declared-factors.js";
import { n5ArrayOf } from "./n5-array.js";
import { type N5Attributes, readAttributes } from "./n5-attributes.js";
import { readFolders } from "./n5-folders.js";
import { type N5Reading, N5Source } from "./n5-source.js";

/**
 * Opens a mirror of N5 blocks. Reads the attributes of all zoom levels that the stack declares, at once, and those of
 * the folders above them. The source lacks each level that cannot be read.
 *
 * @throws UnsupportedMirrorError if no level can be read.
 * @throws TileFetchError if no level could be fetched.
 */
export async function openN5(
  stack: Stack,
  mirror: StackMirror,
  { channel }: { readonly channel: number | undefined },
  ask: Ask,
  signal: AbortSignal,
): Promise<BlockSource> {
  const name = `mirror ${nameOf(mirror)}`;
  const parsed = parseBlockAddress(mirror.baseUrl);
  if ("problem" in parsed) throw new UnsupportedMirrorError(`${name} ${parsed.problem}`);
  if (channel !== undefined && channel !== 0) {
    throw new InvalidOptionError(
      `${name} has N5 blocks, which have one channel, 0, and channel is ${channel}`,
    );
  }
  const { address } = parsed;
  const declared = Array.from({ length: Math.min(stack.maxZoomLevel + 1, mostLevels) });
  const [folders, ...levels] = await Promise.all([
    readFolders(address, ask, signal),
    ...declared.map((_, level) => readLevel(address, level, ask, signal)),
  ]);
  const read = levels.flatMap((reading, zoomLevel) =>
    "array" in reading ? [{ zoomLevel, ...reading }] : [],
  );
  if (read.length === 0) throw unreadable(name, levels);
  const attributes = [...read.map((level) => level.attributes), ...folders.attributes];
  const isLabels =
    read.some(({ array }) => isLabelData(stack, array.dataType)) || attributes.some(isOfLabels);
  const facts = read.map(({ zoomLevel, array: { dataType, dimensions }, attributes: own }) => {
    const factors = declaredFactors(zoomLevel, own, folders.attributes);
    const size = stackVector(address, dimensions);
    return { zoomLevel, dataType, size, factor: factors && stackVector(address, factors) };
  });
  const warnings = [...levelWarnings(stack, facts, isWholeStack(stack, mirror)), ...lackingLevels(levels)];
  if (folders.failure !== undefined && !isLabels) {
    warnings.push(`may be one of labels, as its folders could not be read: ${folders.failure.message}`);
  }
  return new N5Source(stack, mirror, {
    address,
    levels,
    isLabels,
    warnings: warnings.map((warning) => `${name} ${warning}`),
  });
}

async function readLevel(
  address: BlockAddress,
  level: number,
  ask: Ask,
  signal: AbortSignal,
): Promise<N5Reading> {
  if (level > 0 && !address.hasLevels) {
    return { problem: noPlaceholder };
  }
  const url = blockFileUrl(address, `s${level}`, "attributes.json");
  try {
    const found = await readAttributes(ask, url, `the attributes of zoom level ${level}`, signal);
    if ("problem" in found) return found;
    const described = n5ArrayOf(found.attributes);
    return "problem" in described
      ? { problem: `${shownUrl(url)} ${described.problem}` }
      : { ...described, ...found };
  } catch (error) {
    if (!isTileError(error)) throw error;
    return { problem: error.message, error };
  }
}

function unreadable(name: string, levels: readonly N5Reading[]): Error {
  const failed = levels.flatMap((reading) => ("problem" in reading ? [reading] : []));
  const error = failed.find((reading) => reading.error !== undefined)?.error;
  if (error !== undefined) return error;
  return new UnsupportedMirrorError(
    `${name} cannot be read as N5: ${failed[0]?.problem}; check its image_base`,
  );
}

/** Whether attributes mark labels, as Paintera and others write them: `maxId` is the highest label in use. */
function isOfLabels({ maxId, painteraData }: N5Attributes): boolean {
  const { type } = (painteraData ?? {}) as { readonly type?: unknown };
  return lenientNumber(maxId) > 0 || type === "label";
}

function stackVector({ sliceDims: [x, y, z] }: BlockAddress, values: readonly number[]): Vector3 {
  return { x: values[x] ?? Number.NaN, y: values[y] ?? Number.NaN, z: values[z] ?? Number.NaN };
}
