import type { Triple } from "./axis-order.js";

/**
 * Numbers the chunks of a grid by interleaving the bits of x, y and z, lowest first. An axis contributes only as many
 * bits as its size needs. The numbers have up to 64 bits, so they are bigints.
 */
export class MortonCode {
  /** How many bits a number has. */
  readonly bits: number;
  readonly #grid: Triple;
  /** The axis and the value of each bit, lowest first. */
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
    // The bits go into two halves of 32, because a bigint for each bit would be slow.
    const halves: [number, number] = [0, 0];
    this.#order.forEach(({ axis, value }, bit) => {
      if (Math.floor(at[axis] / value) % 2 === 1) halves[bit < 32 ? 0 : 1] += 2 ** (bit % 32);
    });
    return (BigInt(halves[1]) << 32n) | BigInt(halves[0]);
  }

  /** The place in the grid, x, y, z, of a chunk number; `undefined` if the grid has no such chunk. */
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
