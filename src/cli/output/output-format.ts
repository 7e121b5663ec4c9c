import { UsageError } from "../usage-error.js";

/** A format that `get` writes. */
export type OutputFormat =
  | "npy"
  | "png"
  | "raw"
  | "tiff"
  | "nrrd"
  | "hdf5"
  | "ome-zarr"
  | "ome-zarr-0.4"
  | "n5"
  | "precomputed";

/** What an export is: one file, a folder of files, or a `.zip` of such a folder. */
export type Container = "file" | "folder" | "zip";

/** An option of a format's layout. */
export type LayoutWord = "chunk" | "shard" | "compression" | "levels";

/** The properties of a format. */
interface FormatTraits {
  /** Endings of names. */
  readonly endings: readonly string[];
  /** The containers that the format can be in. */
  readonly containers: readonly Container[];
  /** The layout options that the format has. */
  readonly takes: readonly LayoutWord[];
  /** Values of `--compression`. */
  readonly compressions?: readonly string[];
}

const inFiles: readonly Container[] = ["file"];
const inFolders: readonly Container[] = ["folder", "zip"];

const formats: Readonly<Record<OutputFormat, FormatTraits>> = {
  npy: { endings: ["npy"], containers: inFiles, takes: [] },
  // One picture of all sections, or a folder with a picture for each.
  png: { endings: ["png"], containers: [...inFiles, ...inFolders], takes: [] },
  raw: { endings: ["raw"], containers: inFiles, takes: [] },
  tiff: { endings: ["tif", "tiff"], containers: inFiles, takes: [] },
  nrrd: { endings: ["nrrd"], containers: inFiles, takes: [] },
  hdf5: {
    endings: ["h5", "hdf5", "hdf"],
    containers: inFiles,
    takes: ["chunk", "compression"],
    compressions: ["none", "gzip"],
  },
  "ome-zarr": {
    endings: ["zarr"],
    containers: inFolders,
    takes: ["chunk", "shard", "compression", "levels"],
    compressions: ["none", "gzip", "zstd", "blosc"],
  },
  "ome-zarr-0.4": {
    endings: ["zarr"],
    containers: inFolders,
    takes: ["chunk", "compression", "levels"],
    compressions: ["none", "gzip", "zstd", "blosc"],
  },
  n5: {
    endings: ["n5"],
    containers: inFolders,
    takes: ["chunk", "compression", "levels"],
    compressions: ["none", "gzip", "zstd", "blosc"],
  },
  precomputed: {
    endings: ["precomputed"],
    containers: inFolders,
    takes: ["chunk", "shard", "compression", "levels"],
    compressions: ["none", "gzip"],
  },
};

/** All formats that `get` writes. */
export const outputFormats: readonly OutputFormat[] = Object.keys(formats) as OutputFormat[];

const zipEnding = "zip";

/** Endings of other programs' formats. No file is written with such a name. */
const otherEndings: ReadonlySet<string> = new Set(
  (
    "btf nhdr nii mha mhd mrc rec am dm3 dm4 vtk vti klb npz mat " +
    "jpg jpeg jp2 jxl webp avif gif bmp pgm ppm pnm tga exr pdf svg dcm ims czi lif nd2 " +
    "gz bz2 xz zst tar tgz 7z json txt csv tsv xml yaml yml html"
  ).split(" "),
);

/** The format of `--format`, or of the name. Throws a {@link UsageError} where the two are at odds. */
export function formatOf(path: string, format: OutputFormat | undefined): OutputFormat {
  const ending = endingOf(path);
  const named = outputFormats.filter((candidate) => formats[candidate].endings.includes(ending));
  if (otherEndings.has(ending)) {
    throw new UsageError(
      `"${path}": .${ending} files are not written; ${outputFormats.join(", ")} are: name it so`,
    );
  }
  if (named[0] !== undefined && format !== undefined && !named.includes(format)) {
    throw new UsageError(`"${path}" ends in .${ending}, and --format says ${format}: which is it to be?`);
  }
  const chosen = format ?? named[0] ?? (ending === zipEnding ? "ome-zarr" : undefined);
  if (chosen === undefined) {
    throw new UsageError(
      `"${path}" has no ending such as .npy, .ome.zarr or .h5: which is it to be? Say so with --format`,
    );
  }
  return chosen;
}

/** The container of an export. Throws a {@link UsageError} if the format cannot be in it. */
export function containerOf(path: string, format: OutputFormat): Container {
  const { containers } = formats[format];
  if (endingOf(path) === zipEnding && !path.endsWith("/")) {
    if (containers.includes("zip")) return "zip";
    throw new UsageError(`"${path}": ${format} is a file of its own, and not put into a .zip: name it so`);
  }
  if (!containers.includes("file")) return "folder";
  return containers.includes("folder") && path.endsWith("/") ? "folder" : "file";
}

/** Whether a format has an option. */
export function takes(format: OutputFormat, word: LayoutWord): boolean {
  return formats[format].takes.includes(word);
}

/** The formats that have an option, separated by commas. */
export function formatsWith(word: LayoutWord): string {
  return outputFormats.filter((format) => takes(format, word)).join(", ");
}

/** Values of `--compression` for a format. */
export function compressionsOf(format: OutputFormat): readonly string[] {
  return formats[format].compressions ?? [];
}

function endingOf(path: string): string {
  return /\.([^./\\]+)[/\\]*$/.exec(path)?.[1]?.toLowerCase() ?? "";
}
