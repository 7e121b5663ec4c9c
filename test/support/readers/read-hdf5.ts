import * as hdf5 from "h5wasm";

/** A dataset of an HDF5 file, and the attributes of the file. */
export interface ReadDataset {
  /** Its voxels as bytes, lowest first. */
  readonly voxels: Uint8Array;
  readonly shape: readonly number[] | null;
  readonly chunks: readonly number[] | null;
  /** HDF5's numbers for the filters: 1 is gzip. */
  readonly filters: readonly number[];
  /** The options of the filters, such as gzip's level. */
  readonly filterOptions: readonly (readonly number[])[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly fileAttributes: Readonly<Record<string, unknown>>;
}

/** Reads a dataset with HDF5's own library. Rejects if the library cannot open the file. */
export async function readHdf5(bytes: Uint8Array, path: string): Promise<ReadDataset> {
  const library = await hdf5.ready;
  // Without this, the library would only print its errors.
  library.activate_throwing_error_handler();
  if (hdf5.FS === null) throw new Error("h5wasm has no file system");
  hdf5.FS.writeFile("read.h5", bytes);
  try {
    const file = new hdf5.File("read.h5", "r");
    try {
      const dataset = file.get(path);
      if (!(dataset instanceof hdf5.Dataset)) throw new Error(`there is no dataset at ${path}`);
      const { buffer, byteOffset, byteLength } = dataset.value as Uint8Array;
      return {
        voxels: new Uint8Array(buffer, byteOffset, byteLength),
        shape: dataset.metadata.shape,
        chunks: dataset.metadata.chunks,
        filters: dataset.filters.map(({ id }) => id),
        filterOptions: dataset.filters.map((filter) => [...filter.cd_values]),
        attributes: attributesOf(dataset),
        fileAttributes: attributesOf(file),
      };
    } finally {
      file.close();
    }
  } finally {
    hdf5.FS.unlink("read.h5");
    library.deactivate_throwing_error_handler();
  }
}

function attributesOf(entity: hdf5.Dataset | hdf5.File): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entity.attrs).map(([name, { value }]) => [name, value]));
}
