import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BenchMirror, stackExtent } from "./bench-stack.js";

/** Lower and upper corner, half-open, in voxels, in some axis order. */
export type Corners = readonly [lower: readonly number[], upper: readonly number[]];

/** A volume that was drawn: its folder below `volumes`, and its extent in voxels. */
export interface DrawnVolume {
  readonly volume: string;
  readonly extent: { readonly x: number };
}

/** The volume that a mirror of tiles serves. */
export function drawnFor({ format, key }: BenchMirror): DrawnVolume {
  return { volume: format === "png" ? "png" : key, extent: stackExtent };
}

/** SHA-256 of a region in z, y, x of a volume, with the voxels in an axis order (slowest first). */
export function expectedSha256(
  folder: string,
  { volume, extent }: DrawnVolume,
  [lower, upper]: Corners,
  order = "zyx",
): string {
  const [z0 = 0, y0 = 0, x0 = 0] = lower;
  const shape = lower.map((from, axis) => (upper[axis] ?? 0) - from);
  const [depth = 0, rows = 0, columns = 0] = shape;
  const out = new Uint8Array(depth * rows * columns);
  const stride = stridesOf(shape, order);
  for (let z = 0; z < depth; z++) {
    const section = readFileSync(join(folder, "volumes", volume, `${z0 + z}.u8`));
    for (let y = 0; y < rows; y++) {
      const from = (y0 + y) * extent.x + x0;
      let to = z * stride.z + y * stride.y;
      for (let x = 0; x < columns; x++, to += stride.x) out[to] = section[from + x] as number;
    }
  }
  return sha256(out);
}

/** The same corners in another axis order. */
export function reordered([lower, upper]: Corners, order: string): Corners {
  const turn = (corner: readonly number[]) => [...order].map((axis) => corner["zyx".indexOf(axis)] ?? 0);
  return [turn(lower), turn(upper)];
}

/** SHA-256 in hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function stridesOf(shape: readonly number[], order: string): { z: number; y: number; x: number } {
  const stride = { z: 0, y: 0, x: 0 };
  let step = 1;
  for (const axis of [...order].reverse() as ("z" | "y" | "x")[]) {
    stride[axis] = step;
    step *= shape["zyx".indexOf(axis)] ?? 0;
  }
  return stride;
}
