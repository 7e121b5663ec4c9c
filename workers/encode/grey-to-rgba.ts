/** Makes opaque RGBA pixels from grey values. */
export function greyToRgba(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const rgba = new Uint8Array(data.length * 4);
  const pixels = new Uint32Array(rgba.buffer);
  const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  data.forEach((grey, i) => {
    pixels[i] = littleEndian ? grey * 0x10101 + 0xff000000 : grey * 0x1010100 + 0xff;
  });
  return rgba;
}
