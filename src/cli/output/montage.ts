/** A grey picture, row by row. */
export interface GreyPicture {
  /** Grey values. */
  readonly data: Uint8Array;
  /** Number of columns. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
}

/** How planes are laid out. */
export interface MontageOptions {
  /** Number of planes side by side. Default: the number that makes the picture about square. */
  readonly columns?: number;
  /** Pixels between planes. Default 4. */
  readonly gap?: number;
  /** Grey value of the pixels between planes. Default 255. */
  readonly gapValue?: number;
}

/** Arranges the planes of a dense volume (axes: planes, rows, columns) in one picture, line by line. */
export function montage(
  data: Uint8Array,
  shape: readonly [planes: number, rows: number, columns: number],
  options: MontageOptions = {},
): GreyPicture {
  const [planes, height, width] = shape;
  const { gap = 4, gapValue = 255 } = options;
  const columns = Math.min(planes, options.columns ?? Math.ceil(Math.sqrt((planes * height) / width)));
  const lines = Math.ceil(planes / columns);
  const totalWidth = columns * (width + gap) - gap;
  const totalHeight = lines * (height + gap) - gap;
  const picture = new Uint8Array(totalWidth * totalHeight).fill(gapValue);
  for (let plane = 0; plane < planes; plane++) {
    const left = (plane % columns) * (width + gap);
    const top = Math.floor(plane / columns) * (height + gap);
    for (let row = 0; row < height; row++) {
      const from = (plane * height + row) * width;
      picture.set(data.subarray(from, from + width), (top + row) * totalWidth + left);
    }
  }
  return { data: picture, width: totalWidth, height: totalHeight };
}
