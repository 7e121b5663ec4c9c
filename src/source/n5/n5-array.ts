import type { N5Compression } from "../../../workers/protocol.js";
import { bytesPerVoxel, type DataType, dataTypes } from "../../space/data-type.js";
import { shownJson } from "../../stack/shown-value.js";
import { fitsMemory } from "../block-memory.js";
import type { N5Attributes } from "./n5-attributes.js";

/** An array of an N5 container, as its attributes describe it. */
export interface N5Array {
  /** The number type of a voxel. */
  readonly dataType: DataType;
  /** How its blocks are packed. */
  readonly compression: N5Compression;
  /** Voxels along each axis of the dataset. The fourth and later axes have length 1. */
  readonly dimensions: readonly number[];
  /** Voxels along each axis of a block, in the same order. */
  readonly blockSize: readonly number[];
}

const compressions: readonly N5Compression[] = ["raw", "gzip", "zlib", "bzip2", "xz", "lz4", "blosc", "zstd"];
const spatialAxes = 3;
// No stack is longer along an axis, and a block's header has 32 bits for a length.
const largestLength = 2 ** 31 - 1;

/** The array that the attributes describe, or why it cannot be read: a clause that follows the name of their file. */
export function n5ArrayOf(
  attributes: N5Attributes,
): { readonly array: N5Array } | { readonly problem: string } {
  if (attributes["isLabelMultiset"] === true) {
    return { problem: "is of label multisets, which are not read: convert them to plain labels of uint64" };
  }
  const dimensions = lengthsOf(attributes["dimensions"]);
  if (dimensions === undefined) return { problem: wrong("dimensions", attributes) };
  const blockSize = lengthsOf(attributes["blockSize"]);
  if (blockSize === undefined || blockSize.length !== dimensions.length) {
    return { problem: wrong("blockSize", attributes) };
  }
  const rank = dimensions.length;
  if (rank < spatialAxes || dimensions.slice(spatialAxes).some((length) => length !== 1)) {
    return {
      problem: `has an array of ${dimensions.join(" × ")}: three axes can be read, and beyond them those of length 1`,
    };
  }
  const dataType = dataTypes.find((name) => name === inLowerCase(attributes["dataType"]));
  if (dataType === undefined) return { problem: wrong("dataType", attributes) };
  if (!fitsMemory(dimensions, blockSize, bytesPerVoxel(dataType))) {
    return { problem: `has blocks of ${blockSize.join(" × ")} voxels, which are too large to be read` };
  }
  const packing = packingOf(attributes);
  const compression = compressions.find((name) => name === packing);
  if (compression === undefined) {
    return {
      problem: `has blocks packed with ${shownJson(packing)}, which is not read (${compressions.join(", ")} are)`,
    };
  }
  return { array: { dataType, compression, dimensions, blockSize } };
}

function lengthsOf(value: unknown): readonly number[] | undefined {
  const isList = Array.isArray(value) && value.length > 0 && value.every(isLength);
  return isList ? value : undefined;
}

function isLength(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= largestLength;
}

/** Reads `{ "type": "gzip" }`, or the string `compressionType` of old containers. N5's "gzip" may be a zlib stream. */
function packingOf({ compression, compressionType }: N5Attributes): unknown {
  const { type = compression, useZlib } = (compression ?? {}) as { type?: unknown; useZlib?: unknown };
  const name = inLowerCase(type ?? compressionType);
  return name === "gzip" && useZlib === true ? "zlib" : name;
}

function inLowerCase(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

function wrong(name: string, attributes: N5Attributes): string {
  const value = attributes[name];
  return value === undefined ? `has no ${name}` : `has a ${name} that cannot be read, ${shownJson(value)}`;
}
