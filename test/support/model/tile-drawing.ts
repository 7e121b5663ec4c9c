/** The drawings of the test server, by a formula that the server and the tests (in Node and in browsers) share. */

/** The grey value of a pixel of the test tile `seed`. */
export function greyPixel(seed: number, x: number, y: number): number {
  const mixed = Math.imul(x + 1, 73_856_093) ^ Math.imul(y + 1, 19_349_663) ^ Math.imul(seed + 1, 83_492_791);
  return (mixed ^ (mixed >>> 13)) & 0xff;
}

/** The whole test tile `seed`, row by row. */
export function greyTile(seed: number, width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data[y * width + x] = greyPixel(seed, x, y);
  }
  return data;
}
