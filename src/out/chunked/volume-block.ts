import type { Triple } from "../../space/axis-order.js";
import { createVoxels, type DataType, dataTypeOf } from "../../space/data-type.js";
import { perAxis } from "../../space/per-axis.js";
import { voxelsIn } from "../volume-shape.js";
import type { VolumeBlock } from "../volume-writer.js";
import { copyBox } from "./copy-box.js";

const first: Triple = [0, 0, 0];

/** A block whose voxels all have one value. Default: 0. */
export function newBlock(dataType: DataType, shape: Triple, value?: number | bigint): VolumeBlock {
  const data = createVoxels(dataType, voxelsIn(shape));
  // The value is a bigint if the voxels are; the casts only satisfy the compiler.
  if (value !== undefined) (data as Uint8Array).fill(value as number);
  return { data, shape };
}

/** A part of a block, as a dense block; the block itself if the part is all of it. */
export function cutBlock(block: VolumeBlock, from: Triple, shape: Triple): VolumeBlock {
  if (isOfShape(block, shape)) return block;
  const part = newBlock(dataTypeOf(block.data) ?? "uint8", shape);
  const upper = perAxis((axis) => from[axis] + shape[axis]);
  copyBox(block, first, part, from, { lower: from, upper });
  return part;
}

/** A block padded with a value at its ends; the block itself if it has the shape already. Default: 0. */
export function padBlock(block: VolumeBlock, shape: Triple, value?: number | bigint): VolumeBlock {
  if (isOfShape(block, shape)) return block;
  const whole = newBlock(dataTypeOf(block.data) ?? "uint8", shape, value);
  copyBox(block, first, whole, first, { lower: first, upper: block.shape });
  return whole;
}

function isOfShape(block: VolumeBlock, shape: Triple): boolean {
  return shape.every((extent, axis) => extent === block.shape[axis]);
}
