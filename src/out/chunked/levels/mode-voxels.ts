import type { Orientation3D, Triple } from "../../../space/axis-order.js";
import { reorder } from "../../../space/axis-order.js";
import type { Voxels } from "../../../space/data-type.js";
import { createVoxels, type DataType } from "../../../space/data-type.js";
import { stepsIn } from "./mean-voxels.js";

/**
 * The most frequent voxel of boxes side by side; those at the end are of what there is. Of several that are as frequent
 * it is the one that comes first in the order z, y, x of the stack, whatever order the volume has. Background is a
 * label like all others.
 *
 * @param orientation - Which axes of the stack the three are.
 */
export function modeVoxels(
  voxels: Voxels,
  dataType: DataType,
  shape: Triple,
  step: Triple,
  orientation: Orientation3D,
): Voxels {
  const [planes, rows, columns] = stepsIn(shape, step);
  const modes = createVoxels(dataType, planes * rows * columns);
  // Labels of 64 bits are compared as pairs of words: as bigints they take five times as long.
  const isWide = voxels.BYTES_PER_ELEMENT === 8;
  const from = isWide ? words(voxels) : (voxels as Voxels<"uint32">);
  const to = isWide ? words(modes) : (modes as Voxels<"uint32">);
  const width = isWide ? 2 : 1;
  const offsets = stackOrder(step, orientation);
  const places = new Int32Array(offsets.length);
  let index = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, index++) {
        const [i, j, k] = [plane * step[0], row * step[1], column * step[2]];
        let count = 0;
        for (const [di, dj, dk] of offsets) {
          if (i + di >= shape[0] || j + dj >= shape[1] || k + dk >= shape[2]) continue;
          places[count++] = (((i + di) * shape[1] + j + dj) * shape[2] + k + dk) * width;
        }
        const place = mostFrequent(from, places, count, width);
        to[index * width] = from[place] as number;
        if (isWide) to[index * width + 1] = from[place + 1] as number;
      }
    }
  }
  return modes;
}

/** The place of the first of the most frequent ones. */
function mostFrequent(from: Voxels<"uint32">, places: Int32Array, count: number, width: number): number {
  let best = 0;
  let most = 0;
  // One that begins later than this cannot be more frequent.
  for (let first = 0; first < count - most; first++) {
    const place = places[first] as number;
    let times = 1;
    for (let other = first + 1; other < count; other++) {
      const at = places[other] as number;
      if (from[at] === from[place] && (width === 1 || from[at + 1] === from[place + 1])) times++;
    }
    if (times > most) {
      most = times;
      best = place;
    }
  }
  return best;
}

function words(voxels: Voxels): Voxels<"uint32"> {
  return new Uint32Array(voxels.buffer, voxels.byteOffset, voxels.byteLength / 4);
}

/** The places in a box, in the order z, y, x of the stack. */
function stackOrder(step: Triple, orientation: Orientation3D): readonly Triple[] {
  const [depth, height, width] = reorder(step, orientation, "zyx");
  const places: Triple[] = [];
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) places.push(reorder([z, y, x], "zyx", orientation));
    }
  }
  return places;
}
