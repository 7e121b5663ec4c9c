/** Whether a zlib stream (RFC 1950) without a dictionary can begin with the two bytes at `start`. */
export function isZlibHeader(source: Uint8Array, start: number): boolean {
  const header = ((source[start] as number) << 8) | (source[start + 1] as number);
  return (header & 0x0f00) === 0x0800 && header >>> 12 <= 7 && header % 31 === 0 && (header & 0x20) === 0;
}
