import type { DataType, ImageFetcherOptions } from "../../index.js";
import { dataTypes } from "../../space/data-type.js";
import { UsageError } from "../usage-error.js";
import { type Arguments, isDecimal } from "./arguments.node.js";

/** Options of the voxels' data type and channel. */
export const voxelOptions = { "data-type": { type: "string" }, channel: { type: "string" } } as const;

/** The part of `--help` about {@link voxelOptions}. */
export const voxelHelp = `  --data-type TYPE       of tiles: uint8 (default), or uint16 to read 16-bit tiles too (8-bit tiles keep their values).
                         Not needed for blocks (N5, precomputed), which have their own type
  --channel CHANNEL      of colour tiles: grey (default), 0 (red), 1 (green), 2 (blue) or 3 (alpha).
                         Of blocks with several channels: number of the channel`;

/** Reads `--data-type` and `--channel` as options of a fetcher. */
export function voxelOptionsOf(args: Arguments): Pick<ImageFetcherOptions<DataType>, "dataType" | "channel"> {
  const dataType = args.choice("data-type", dataTypes);
  const channel = args.text("channel") === "grey" ? "grey" : args.whole("channel", 0, 65_535);
  return { ...(dataType === undefined ? {} : { dataType }), ...(channel === undefined ? {} : { channel }) };
}

/** Reads `--fill`. Whole numbers of any size are exact. */
export function fillValueOf(args: Arguments): number | bigint | undefined {
  const text = args.text("fill");
  if (text === undefined) return undefined;
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  if (isDecimal(text) && Number.isFinite(Number(text))) return Number(text);
  throw new UsageError(`--fill must be a number, not "${text}"`);
}
