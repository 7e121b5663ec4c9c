/** Blosc's shuffles: the first bytes of all elements, then their second bytes, and so on; or the same with bits. */

/** Brings the bytes of each element together again. */
export function unshuffleBytes(source: Uint8Array, target: Uint8Array, elementBytes: number): void {
  const elements = Math.floor(source.length / elementBytes);
  for (let byte = 0; byte < elementBytes; byte++) {
    let from = byte * elements;
    for (let to = byte; to < elements * elementBytes; to += elementBytes)
      target[to] = source[from++] as number;
  }
  copyRest(source, target, elements * elementBytes);
}

/** Brings the bits of each element together again. Blosc shuffles none where their number is no multiple of eight. */
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

/** Eight bytes, of which each has one bit of eight others: a square of bits is turned over its diagonal. */
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
  // Squares of one bit, of two and of four change places.
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

/** Bytes behind the last whole element stay where they are. */
function copyRest(source: Uint8Array, target: Uint8Array, start: number): void {
  if (start < source.length) target.set(source.subarray(start), start);
}
