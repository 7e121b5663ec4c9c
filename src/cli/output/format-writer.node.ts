import { Hdf5Writer } from "../../out/hdf5/index.js";
import {
  type ByteSink,
  type ChunkFormat,
  NpyWriter,
  NrrdWriter,
  n5Format,
  omeZarrFormat,
  pngSeriesFormat,
  precomputedFormat,
  RawWriter,
  TiffWriter,
  type VolumeWriter,
} from "../../out/index.js";
import type { Layout } from "../input/layout-options.node.js";
import type { OutputFormat } from "./output-format.js";

/** A format of a single file. */
export type FileFormat = Extract<OutputFormat, "npy" | "raw" | "tiff" | "nrrd" | "hdf5">;

/** Makes a writer of a single file. */
export function fileWriter(sink: ByteSink, format: FileFormat, layout: Layout): VolumeWriter {
  switch (format) {
    case "npy":
      return new NpyWriter(sink);
    case "raw":
      return new RawWriter(sink);
    case "tiff":
      return new TiffWriter(sink);
    case "nrrd":
      return new NrrdWriter(sink);
    case "hdf5": {
      const { chunkShape, compression } = layout;
      return new Hdf5Writer(sink, {
        ...(chunkShape && { chunkShape }),
        ...(compression === "gzip" && { compression }),
      });
    }
  }
}

/** Makes a format of many files. Throws an `InvalidOptionError` for a layout that the format does not have. */
export function chunkFormatOf(format: Exclude<OutputFormat, FileFormat>, layout: Layout): ChunkFormat {
  const { levels: _, ...options } = layout;
  switch (format) {
    case "ome-zarr":
      return omeZarrFormat({ ...options, version: "0.5" });
    case "ome-zarr-0.4":
      return omeZarrFormat({ ...options, version: "0.4" });
    case "n5":
      return n5Format(options);
    case "precomputed":
      return precomputedFormat(options);
    case "png":
      return pngSeriesFormat();
  }
}
