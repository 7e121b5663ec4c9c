import type { TileDataType, TileFormat } from "../../index.js";
import type { Arguments } from "./arguments.node.js";

const dataTypes: readonly TileDataType[] = ["uint8", "uint16"];
const channels = ["grey", "0", "1", "2", "3"] as const;

/** Options of what the voxels of tiles are. */
export const tileFormatOptions = { "data-type": { type: "string" }, channel: { type: "string" } } as const;

/** Bytes of a voxel. */
export const bytesPerVoxel: Readonly<Record<TileDataType, number>> = { uint8: 1, uint16: 2 };

/** Reads `--data-type` and `--channel`. */
export function tileFormatOf(args: Arguments): TileFormat {
  const channel = args.choice("channel", channels) ?? "grey";
  return {
    dataType: args.choice("data-type", dataTypes) ?? "uint8",
    channel: channel === "grey" ? channel : Number(channel),
  };
}
