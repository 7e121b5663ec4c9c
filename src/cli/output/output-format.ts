import { UsageError } from "../usage-error.js";

/** File kinds that `get` writes. */
export type OutputFormat = "npy" | "png" | "raw";

/** File kinds that `get` writes. */
export const outputFormats: readonly OutputFormat[] = ["npy", "png", "raw"];

/** What `get` writes, in a sentence. */
export const outputFormatsText = ".npy, .png and .raw";

/** Endings by which others know what a file holds: nothing else is written under them. */
const otherEndings: ReadonlySet<string> = new Set(
  (
    "tif tiff btf h5 hdf hdf5 zarr n5 precomputed nrrd nhdr nii mha mhd mrc rec am dm3 dm4 vtk vti klb npz mat " +
    "jpg jpeg jp2 jxl webp avif gif bmp pgm ppm pnm tga exr pdf svg dcm ims czi lif nd2 " +
    "gz bz2 xz zst zip tar tgz 7z json txt csv tsv xml yaml yml html"
  ).split(" "),
);

/** The file kind of `--format`, or of the file's name. Throws a {@link UsageError} where the two are at odds. */
export function formatOf(path: string, format: OutputFormat | undefined): OutputFormat {
  const ending = /\.([^./\\]+)[/\\]*$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const named = outputFormats.find((candidate) => candidate === ending);
  if (named === undefined && otherEndings.has(ending)) {
    throw new UsageError(`"${path}": .${ending} files are not written yet; ${outputFormatsText} are`);
  }
  if (named !== undefined && format !== undefined && named !== format) {
    throw new UsageError(`"${path}" ends in .${named}, and --format says ${format}: which is it to be?`);
  }
  const chosen = format ?? named;
  if (chosen !== undefined) return chosen;
  throw new UsageError(
    `"${path}" does not end in .npy, .png or .raw: which is it to be? Say so with --format`,
  );
}
