import { shownUrl } from "../../../workers/transport/shown-url.js";
import { InvalidOptionError, UnsupportedMirrorError } from "../../errors.js";
import type { Triple, Vector3 } from "../../space/axis-order.js";
import { type BlockAddress, parseBlockAddress } from "../../stack/mirror/block-address.js";
import { nameOf } from "../../stack/mirror/mirror-name.js";
import type { StackMirror } from "../../stack/mirror/stack-mirror.js";
import type { Stack } from "../../stack/stack.js";
import { isWholeStack } from "../array-level.js";
import type { Ask, BlockSource } from "../block-source.js";
import { isLabelData } from "../labels.js";
import { lackingLevels, mostLevels, noPlaceholder } from "../lacking-levels.js";
import { levelWarnings } from "../level-warnings.js";
import { PrecomputedSource, type ScaleReading } from "./precomputed-source.js";
import { scaleOf } from "./scale.js";
import { type ScaledResolution, scaleFactor } from "./scale-factor.js";
import { infoUrl } from "./scale-files.js";
import { type VolumeInfo, volumeInfoOf } from "./volume-info.js";

// Even an `info` with hundreds of scales is smaller.
const mostInfoBytes = 16 * 1024 * 1024;

/**
 * Opens a mirror that is a volume in Neuroglancer's precomputed format, by reading its `info`. The source lacks each
 * zoom level whose scale cannot be read.
 *
 * @throws UnsupportedMirrorError if it is no such volume, or no scale can be read.
 * @throws InvalidOptionError for a channel that the volume does not have.
 * @throws TileFetchError if the `info` could not be fetched.
 */
export async function openPrecomputed(
  stack: Stack,
  mirror: StackMirror,
  options: { readonly channel: number | undefined },
  ask: Ask,
  signal: AbortSignal,
): Promise<BlockSource> {
  const name = `mirror ${nameOf(mirror)}`;
  const parsed = parseBlockAddress(mirror.baseUrl);
  if ("problem" in parsed) throw new UnsupportedMirrorError(`${name} ${parsed.problem}`);
  const { address } = parsed;
  const url = infoUrl(address);
  const where = shownUrl(url);
  const bytes = await ask({ url, what: "the info of the volume", maxBytes: mostInfoBytes }, signal);
  if (bytes === undefined) {
    throw new UnsupportedMirrorError(
      `${name} is no precomputed volume: there is no ${where}; image_base must be the folder of the info, followed by ` +
        "%SCALE_DATASET% and the slice dimensions",
    );
  }
  const info = volumeInfoOf(bytes, where);
  const levels = Array.from({ length: Math.min(stack.maxZoomLevel + 1, mostLevels) }, (_, level) =>
    readScale(info, level, address, where),
  );
  const problems = levels.flatMap((reading) => ("problem" in reading ? [reading.problem] : []));
  if (problems.length === levels.length) {
    throw new UnsupportedMirrorError(`${name} cannot be read: ${problems[0]}`);
  }
  return new PrecomputedSource(
    stack,
    mirror,
    {
      address,
      info,
      levels,
      channel: channelOf(options.channel, info.channels, name),
      isLabels: info.isSegmentation || isLabelData(stack, info.dataType),
      warnings: warningsOf(stack, mirror, levels, address, info).map((warning) => `${name} ${warning}`),
    },
    ask,
  );
}

function readScale(info: VolumeInfo, level: number, address: BlockAddress, where: string): ScaleReading {
  if (level > 0 && !address.hasLevels) {
    return { problem: noPlaceholder };
  }
  if (level >= info.scales.length) return { problem: `${where} has no scale ${level}` };
  try {
    return { scale: scaleOf(info.scales[level], info, `scale ${level} of ${where}`) };
  } catch (error) {
    if (error instanceof UnsupportedMirrorError) return { problem: error.message };
    throw error;
  }
}

function channelOf(asked: number | undefined, channels: number, name: string): number {
  if (asked === undefined && channels > 1) {
    throw new UnsupportedMirrorError(
      `${name} has ${channels} channels: say which is wanted with the option channel, from 0 to ${channels - 1}`,
    );
  }
  const channel = asked ?? 0;
  if (Number.isInteger(channel) && channel >= 0 && channel < channels) return channel;
  throw new InvalidOptionError(`${name} has the channels 0 to ${channels - 1}, and channel is ${channel}`);
}

function warningsOf(
  stack: Stack,
  mirror: StackMirror,
  levels: readonly ScaleReading[],
  { sliceDims: [x, y, z] }: BlockAddress,
  { dataType }: VolumeInfo,
): readonly string[] {
  const vector = (values: Triple): Vector3 => ({
    x: values[x] as number,
    y: values[y] as number,
    z: values[z] as number,
  });
  let finest: ScaledResolution | undefined;
  const facts = levels.flatMap((reading, zoomLevel) => {
    if ("problem" in reading) return [];
    const { size, resolution } = reading.scale;
    const scaled = resolution && {
      resolution: vector(resolution),
      factor: stack.downsampleFactor(zoomLevel),
    };
    finest ??= scaled;
    return [
      { zoomLevel, dataType, size: vector(size), factor: finest && scaled && scaleFactor(finest, scaled) },
    ];
  });
  return [...levelWarnings(stack, facts, isWholeStack(stack, mirror)), ...lackingLevels(levels)];
}
