import type { VolumeBlock, VolumeBox } from "../../../src/out/volume-writer.js";
import type { Triple } from "../../../src/space/axis-order.js";

/** A dense volume whose neighbouring voxels differ along every axis. */
export function countingVolume(shape: Triple): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => (i * 37 + (i >> 5)) & 255);
}

/** The boxes of a chunk shape that make up a volume, in an order given by the numbers. */
export function boxesOf(shape: Triple, chunk: Triple, shuffle: readonly number[]): VolumeBox[] {
  const boxes: VolumeBox[] = [];
  for (let i = 0; i < shape[0]; i += chunk[0]) {
    for (let j = 0; j < shape[1]; j += chunk[1]) {
      for (let k = 0; k < shape[2]; k += chunk[2]) {
        const upper = [i + chunk[0], j + chunk[1], k + chunk[2]].map((end, axis) =>
          Math.min(end, shape[axis] ?? 0),
        );
        boxes.push({ lower: [i, j, k], upper: upper as unknown as Triple });
      }
    }
  }
  shuffle.forEach((from, to) => {
    const [box] = boxes.splice(from % boxes.length, 1);
    if (box !== undefined) boxes.splice(to % (boxes.length + 1), 0, box);
  });
  return boxes;
}

/** The voxels of a box, copied from a dense volume one by one. */
export function blockOf(
  volume: Uint8Array,
  shape: Triple,
  { lower, upper }: VolumeBox,
): VolumeBlock & { readonly data: Uint8Array } {
  const data: number[] = [];
  for (let i = lower[0]; i < upper[0]; i++) {
    for (let j = lower[1]; j < upper[1]; j++) {
      for (let k = lower[2]; k < upper[2]; k++) data.push(volume[(i * shape[1] + j) * shape[2] + k] ?? -1);
    }
  }
  return {
    data: Uint8Array.from(data),
    shape: [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]],
  };
}
