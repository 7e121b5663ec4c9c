import { type Bytes, type ChunkFormat, npyHeader, type VolumeInfo } from "../out/index.js";

/** The formats of one file that tasks write into at any place. */
export type FlatFormatName = "npy" | "raw";

/** Whether a format is one of them. */
export function isFlatFormat(format: string): format is FlatFormatName {
  return format === "npy" || format === "raw";
}

/** The name of the file while it is not complete, beside what the tasks leave. */
export function flatFileName(format: FlatFormatName): string {
  return `volume.${format}`;
}

/** What comes before the voxels. */
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
