/** Makes opaque RGBA pixels from grey values. */
export function greyToRgba(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8Array(data.length * 4);
  const pixels = new Uint32Array(rgba.buffer);
  data.forEach((grey, i) => {
    pixels[i] = grey * 0x10101 + 0xff000000;
  });
  return rgba;
}
