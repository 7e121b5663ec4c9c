import type { Triple } from "./axis-order.js";

/**
 * The numbers of the chunks of a grid: the bits of x, y and z in turns, lowest first, where an axis has no more bits than
 * its size needs. They have up to 64 bits, so they are bigints.
 */
export class MortonCode {
  /** Bits of a number. */
  readonly bits: number;
  readonly #grid: Triple;
  /** What each bit is of, lowest first. */
  readonly #order: readonly { readonly axis: 0 | 1 | 2; readonly value: number }[];

  /** @param grid - Numbers of chunks along x, y and z. */
  constructor(grid: Triple) {
    const order: { axis: 0 | 1 | 2; value: number }[] = [];
    for (let value = 1; grid.some((chunks) => value < chunks); value *= 2) {
      for (const axis of [0, 1, 2] as const) if (value < grid[axis]) order.push({ axis, value });
    }
    this.#grid = grid;
    this.#order = order;
    this.bits = order.length;
  }

  /** The number of the chunk at a place in the grid: x, y, z. */
  encode(at: Triple): bigint {
    // In two halves of 32 bits: a bigint for each bit would be slow.
    const halves: [number, number] = [0, 0];
    this.#order.forEach(({ axis, value }, bit) => {
      if (Math.floor(at[axis] / value) % 2 === 1) halves[bit < 32 ? 0 : 1] += 2 ** (bit % 32);
    });
    return (BigInt(halves[1]) << 32n) | BigInt(halves[0]);
  }

  /** The place in the grid, x, y, z, of the chunk of a number; `undefined` if the grid has none. */
  decode(code: bigint): Triple | undefined {
    if (code >> BigInt(this.bits) !== 0n) return undefined;
    const [low, high] = [Number(code & 0xffffffffn), Number(code >> 32n)];
    const at: [number, number, number] = [0, 0, 0];
    this.#order.forEach(({ axis, value }, bit) => {
      if (((bit < 32 ? low >>> bit : high >>> (bit - 32)) & 1) === 1) at[axis] += value;
    });
    return at.every((index, axis) => index < (this.#grid[axis] ?? 0)) ? at : undefined;
  }
}
