/** A directory of a TIFF file: the values of its entries, by tag. */
export type TiffDirectory = ReadonlyMap<number, readonly (number | string)[]>;

/** The directories of a TIFF file, read by TIFF 6 and by the BigTIFF design, little-endian. */
export interface TiffFile {
  readonly isBig: boolean;
  readonly directories: readonly TiffDirectory[];
}

/** Tags that must be SHORT in TIFF 6: bits, compression, photometric interpretation, samples, unit, sample format. */
const shorts: ReadonlySet<number> = new Set([258, 259, 262, 277, 296, 339]);

const typeBytes: Readonly<Record<number, number>> = { 2: 1, 3: 2, 4: 4, 5: 8, 16: 8 };

/** Reads all directories. The file may end with them. */
export function readTiff(bytes: Uint8Array): TiffFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isBig = view.getUint16(2, true) === 43;
  if (String.fromCharCode(view.getUint8(0), view.getUint8(1)) !== "II") throw new Error("not little-endian");
  if (isBig && (view.getUint16(4, true) !== 8 || view.getUint16(6, true) !== 0))
    throw new Error("no BigTIFF");
  const place = isBig ? 8 : 4;
  const offsetAt = (at: number): number =>
    isBig ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true);
  const numberAt = (at: number, type: number): number | string => {
    if (type === 3) return view.getUint16(at, true);
    if (type === 4) return view.getUint32(at, true);
    if (type === 5) return `${view.getUint32(at, true)}/${view.getUint32(at + 4, true)}`;
    return Number(view.getBigUint64(at, true));
  };
  const valuesAt = (at: number, type: number, count: number): readonly (number | string)[] => {
    const size = typeBytes[type] ?? Number.NaN;
    const from = size * count > place ? offsetAt(at) : at;
    if (type !== 2) return Array.from({ length: count }, (_, i) => numberAt(from + i * size, type));
    return [new TextDecoder("latin1").decode(bytes.subarray(from, from + count))];
  };
  const directories: TiffDirectory[] = [];
  for (let at = offsetAt(isBig ? 8 : 4); at !== 0; ) {
    const entries = isBig ? Number(view.getBigUint64(at, true)) : view.getUint16(at, true);
    at += isBig ? 8 : 2;
    const values = new Map<number, readonly (number | string)[]>();
    for (let i = 0; i < entries; i++, at += 4 + 2 * place) {
      const [tag, type, count] = [view.getUint16(at, true), view.getUint16(at + 2, true), offsetAt(at + 4)];
      if (shorts.has(tag) && type !== 3) throw new Error(`tag ${tag} is of type ${type}`);
      values.set(tag, valuesAt(at + 4 + place, type, count));
    }
    directories.push(values);
    at = offsetAt(at);
  }
  return { isBig, directories };
}
