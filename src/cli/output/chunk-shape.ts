import type { Axis, Orientation3D, Triple } from "../../index.js";

/**
 * The shape of the blocks in which a region is gathered before it goes to a file: at least a tile wide and high, so
 * that few tiles are needed twice, and then as long along the last axes as the limit allows, so that the file is
 * written in long runs.
 */
export function fileChunkShape(
  shape: Triple,
  orientation: Orientation3D,
  tile: { readonly tileWidth: number; readonly tileHeight: number },
  maxBytes: number,
): Triple {
  const unit = orientation.split("").map((axis, column) => {
    const side = { x: tile.tileWidth, y: tile.tileHeight, z: 1 }[axis as Axis];
    return Math.min(side, shape[column] as number);
  });
  const chunk = [...unit];
  for (const column of [2, 1, 0]) {
    const rest = chunk.reduce((product, extent, other) => (other === column ? product : product * extent), 1);
    const whole = shape[column] as number;
    const step = unit[column] as number;
    const fitting = Math.floor(maxBytes / rest / step) * step;
    chunk[column] = Math.min(whole, Math.max(step, fitting));
  }
  return chunk as unknown as Triple;
}
