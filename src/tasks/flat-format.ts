import { type Bytes, type ChunkFormat, npyHeader, type VolumeInfo } from "../out/index.js";

/** The formats of a single file into which tasks write at any position. */
export type FlatFormatName = "npy" | "raw";

/** Whether a format is a {@link FlatFormatName}. */
export function isFlatFormat(format: string): format is FlatFormatName {
  return format === "npy" || format === "raw";
}

/** Name of the incomplete file, in the folder of the tasks' own files. */
export function flatFileName(format: FlatFormatName): string {
  return `volume.${format}`;
}

/** The bytes before the voxels. */
export function flatHeader(format: FlatFormatName, { shape, dataType }: VolumeInfo): Bytes {
  return format === "npy" ? npyHeader(shape, dataType) : new Uint8Array(0);
}

/** A file as a dataset without chunks. */
export function flatFormat(name: FlatFormatName): ChunkFormat {
  return {
    name,
    options: {},
    unitShape: [1, 1, 1],
    layOut: (_, levels) => ({
      levels: levels.map(({ shape }) => {
        const never = (): never => {
          throw new Error(`a ${name} file has no chunks`);
        };
        return { shape, unitShape: shape, path: () => flatFileName(name), encode: never, decode: never };
      }),
      metadata: () => [],
    }),
  };
}
