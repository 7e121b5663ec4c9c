import type { Triple } from "../../space/axis-order.js";
import { createVoxels, dataTypeOf } from "../../space/data-type.js";
import type { VolumeBlock } from "../volume-writer.js";
import { copyBox } from "./copy-box.js";
import { perAxis } from "./unit-grid.js";

const first: Triple = [0, 0, 0];

/** A part of a block, as a dense block; the block itself if the part is all of it. */
export function cutBlock(block: VolumeBlock, from: Triple, shape: Triple): VolumeBlock {
  if (isOfShape(block, shape)) return block;
  const part = zeros(block, shape);
  const upper = perAxis((axis) => from[axis] + shape[axis]);
  copyBox(block, first, part, from, { lower: from, upper });
  return part;
}

/** A block padded with zeros at its ends; the block itself if it has the shape already. */
export function padBlock(block: VolumeBlock, shape: Triple): VolumeBlock {
  if (isOfShape(block, shape)) return block;
  const whole = zeros(block, shape);
  copyBox(block, first, whole, first, { lower: first, upper: block.shape });
  return whole;
}

function isOfShape(block: VolumeBlock, shape: Triple): boolean {
  return shape.every((extent, axis) => extent === block.shape[axis]);
}

function zeros({ data }: VolumeBlock, shape: Triple): VolumeBlock {
  return { data: createVoxels(dataTypeOf(data) ?? "uint8", shape[0] * shape[1] * shape[2]), shape };
}
