import type { Orientation3D, Triple } from "../../../space/axis-order.js";
import { reorder } from "../../../space/axis-order.js";
import type { Voxels } from "../../../space/data-type.js";
import { createVoxels, type DataType } from "../../../space/data-type.js";
import { stepsIn } from "./mean-voxels.js";

/**
 * Divides voxels into adjacent boxes and returns the most frequent value of each. Boxes at the end may be smaller. Among
 * equally frequent values, the one that comes first in the stack's order z, y, x wins, whatever the volume's axis order.
 * Background is a label like all others.
 *
 * @param orientation - The stack's axes in the order of the volume's axes.
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
  // 64-bit labels are compared as pairs of 32-bit words: comparing bigints takes five times as long.
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

/** The place where the most frequent value first occurs. */
function mostFrequent(from: Voxels<"uint32">, places: Int32Array, count: number, width: number): number {
  let best = 0;
  let most = 0;
  // A value that first occurs later than this cannot be more frequent.
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

/** The positions in a box, in the stack's order z, y, x. */
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
