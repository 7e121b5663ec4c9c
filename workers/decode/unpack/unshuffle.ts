/** Undoes Blosc's shuffles. They store the first bytes (or bits) of all elements, then the second ones, and so on. */

/** Brings the bytes of each element back together. */
export function unshuffleBytes(source: Uint8Array, target: Uint8Array, elementBytes: number): void {
  const elements = Math.floor(source.length / elementBytes);
  for (let byte = 0; byte < elementBytes; byte++) {
    let from = byte * elements;
    for (let to = byte; to < elements * elementBytes; to += elementBytes)
      target[to] = source[from++] as number;
  }
  copyRest(source, target, elements * elementBytes);
}

/**
 * Brings the bits of each element back together. Blosc shuffles no bits unless the number of elements is a multiple of
 * 8.
 */
export function unshuffleBits(source: Uint8Array, target: Uint8Array, elementBytes: number): void {
  const elements = Math.floor(source.length / elementBytes);
  if (elements % 8 !== 0) {
    target.set(source);
    return;
  }
  const rowBytes = elements / 8;
  for (let byte = 0; byte < elementBytes; byte++) {
    for (let column = 0; column < rowBytes; column++) {
      unshuffleEight(
        source,
        byte * 8 * rowBytes + column,
        rowBytes,
        target,
        column * 8 * elementBytes + byte,
        elementBytes,
      );
    }
  }
  copyRest(source, target, elements * elementBytes);
}

/** Transposes eight bytes as a square of bits: each source byte has one bit of each of eight target bytes. */
function unshuffleEight(
  source: Uint8Array,
  from: number,
  sourceStep: number,
  target: Uint8Array,
  to: number,
  targetStep: number,
): void {
  let low = 0;
  let high = 0;
  for (let row = 3; row >= 0; row--) {
    low = (low << 8) | (source[from + row * sourceStep] as number);
    high = (high << 8) | (source[from + (row + 4) * sourceStep] as number);
  }
  // Swaps squares of one bit, then of two, then of four.
  let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
  low ^= swap ^ (swap << 7);
  swap = (high ^ (high >>> 7)) & 0x00aa00aa;
  high ^= swap ^ (swap << 7);
  swap = (low ^ (low >>> 14)) & 0x0000cccc;
  low ^= swap ^ (swap << 14);
  swap = (high ^ (high >>> 14)) & 0x0000cccc;
  high ^= swap ^ (swap << 14);
  swap = ((low >>> 4) ^ high) & 0x0f0f0f0f;
  low ^= swap << 4;
  high ^= swap;
  for (let row = 0; row < 4; row++) {
    target[to + row * targetStep] = low >>> (8 * row);
    target[to + (row + 4) * targetStep] = high >>> (8 * row);
  }
}

/** Bytes after the last whole element are not shuffled. */
function copyRest(source: Uint8Array, target: Uint8Array, start: number): void {
  if (start < source.length) target.set(source.subarray(start), start);
}
