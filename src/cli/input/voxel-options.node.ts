import type { DataType, ImageFetcherOptions } from "../../index.js";
import { dataTypes } from "../../space/data-type.js";
import type { Arguments } from "./arguments.node.js";

/** Options of the voxels' data type and channel. */
export const voxelOptions = { "data-type": { type: "string" }, channel: { type: "string" } } as const;

/** The part of `--help` about {@link voxelOptions}. */
export const voxelHelp = `  --data-type TYPE       of tiles uint8 (default), or uint16, with which they may have 16 bits; those of 8 keep their
                         values. Of blocks (N5, precomputed) what they have, which need not be said
  --channel CHANNEL      of tiles in colour: grey (default), 0 for red, 1 for green, 2 for blue or 3 for alpha; of blocks
                         with several channels: its number`;

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
  return args.number("fill", -Number.MAX_VALUE, Number.MAX_VALUE);
}
