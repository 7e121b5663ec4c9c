/** Decodes with WebCodecs. Returns plane 0 of the image, or its first channel. */
export async function decodeWithImageDecoder(
  file: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<Uint8Array> {
  const decoder = new ImageDecoder({ data: file, type });
  const { image } = await decoder.decode();
  const { codedWidth: width, codedHeight: height, format } = image;
  const pixels = new Uint8Array(image.allocationSize());
  const [layout] = await image.copyTo(pixels);
  image.close();
  decoder.close();
  const step = format?.startsWith("I4") || format === "NV12" ? 1 : 4;
  const grey = new Uint8Array(width * height);
  const { offset, stride } = layout ?? { offset: 0, stride: width * step };
  for (let y = 0; y < height; y++) {
    const from = offset + y * stride;
    const to = y * width;
    for (let x = 0; x < width; x++) grey[to + x] = pixels[from + step * x] as number;
  }
  return grey;
}
