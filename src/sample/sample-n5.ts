import { bigEndianBytes } from "../../workers/encode/big-endian-bytes.js";
import { encodeN5Block } from "../../workers/encode/encode-n5-block.js";
import type { Triple } from "../space/axis-order.js";
import { blockAt, blockSize, drawSampleBlock, gzip, sampleLevels, turned } from "./sample-block.js";
import { blockFile, jsonFile, type SampleFile } from "./sample-file.js";
import type { SampleStack } from "./sample-stack.js";

/**
 * The file at a path of a stack's N5 container: attributes, or a block of a level. Levels are called `s0`, `s1`, ….
 * Blocks are gzipped, and cropped where the stack ends. The root's attributes are those that Neuroglancer reads.
 */
export function sampleN5File(stack: SampleStack, path: string): SampleFile | undefined {
  const levels = sampleLevels(stack);
  if (path === "attributes.json") {
    const resolution = turned(stack, stack.resolution);
    const scales = levels.map(({ factors }) => factors);
    return jsonFile({ n5: "4.0.0", axes: ["x", "y", "z"], units: ["nm", "nm", "nm"], resolution, scales });
  }
  const [, zoomLevel, name = ""] = /^s(\d+)\/(attributes\.json|\d+\/\d+\/\d+)$/.exec(path) ?? [];
  const level = levels[Number(zoomLevel)];
  if (level === undefined) return undefined;
  if (name === "attributes.json") {
    return jsonFile({
      dimensions: level.size,
      blockSize,
      dataType: stack.shows === "labels" ? "uint64" : "uint8",
      compression: { type: "gzip", level: 1 },
      downsamplingFactors: level.factors,
    });
  }
  const block = blockAt(level, name.split("/").map(Number) as unknown as Triple);
  return (
    block &&
    blockFile(() => encodeN5Block(gzip(bigEndianBytes(drawSampleBlock(stack, level, block))), block.extent))
  );
}
