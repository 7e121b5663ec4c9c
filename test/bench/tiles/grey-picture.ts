/** A grey picture, row by row. */
export interface GreyPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Cuts a part out of a picture. The result is smaller if the picture ends before the part. */
export function cut(
  picture: GreyPicture,
  left: number,
  top: number,
  width: number,
  height: number,
): GreyPicture {
  const columns = Math.min(width, picture.width - left);
  const rows = Math.min(height, picture.height - top);
  const data = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const from = (top + row) * picture.width + left;
    data.set(picture.data.subarray(from, from + columns), row * columns);
  }
  return { data, width: columns, height: rows };
}

/** Puts a picture into a larger one. */
export function paste(picture: GreyPicture, into: GreyPicture, left: number, top: number): void {
  const { data, width, height } = picture;
  for (let row = 0; row < height; row++) {
    into.data.set(data.subarray(row * width, (row + 1) * width), (top + row) * into.width + left);
  }
}

/** The n-th of the eight ways to turn and mirror a square picture. */
export function turned({ data, width, height }: GreyPicture, n: number): GreyPicture {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const across = n & 1 ? width - 1 - x : x;
      const down = n & 2 ? height - 1 - y : y;
      const to = n & 4 ? across * height + down : down * width + across;
      out[to] = data[y * width + x] as number;
    }
  }
  return { data: out, width, height };
}
