import { layoutHelp } from "../input/layout-options.node.js";
import { regionHelp } from "../input/region.node.js";
import { sourceHelp } from "../input/stack-source.node.js";

export const getHelp: string = `Usage: catmaid-image get STACK --roi ROI --output FILE [options]

Fetches a region of a stack and writes it as one file (NumPy, HDF5, TIFF, NRRD, raw voxels, a picture), or as a folder of
chunks (OME-Zarr, N5, precomputed). Volumes are streamed to disk. A file appears under its name when it is complete, and
replaces another only with --overwrite. A folder opens in no reader until it is complete. --resume continues a run that
was stopped.

${regionHelp}

The file:
  -o, --output FILE      the ending selects the format:
                         name.npy, .h5, .tif, .nrrd, or .raw with FILE.json: one file
                         name.png: one 8-bit picture of a section, or of all sections side by side
                         name.ome.zarr, .zarr, .n5 or .precomputed: a folder
                         name.zip: a zip of OME-Zarr, or of another --format of many files
                         name/: a folder in a --format of many files; png writes a picture for each section
                         "-": standard output; the summary then goes to standard error
  --format FORMAT        ome-zarr (0.5), ome-zarr-0.4, n5, precomputed, hdf5, tiff, nrrd, npy, png or raw, if the ending
                         does not select it; default for "-": npy
  --overwrite            replace FILE and FILE.json if they exist; a folder only if it holds an export
  --resume               continue an export to a folder or .zip that was stopped. Other options must be as before
  --repair               like --resume, but compare existing files with their checksums. Fetch files again that are
                         damaged or were filled after a failure
  --yes                  do not ask before fetching more than 10 GB. The question appears only on a terminal
  --metadata             write FILE.json for other formats too: resolution, origin, what was filled
  --slice N              .png: only section N of the first axis, in voxels of the zoom level
  --columns N            .png: number of sections side by side
  --max-memory MIB       for pictures and "-", which are held in memory: limit of their size; default 1024. Otherwise:
                         limit of voxels on their way to files; default 256, and at most 256 for a single file
  --dry-run              print the size of the region; fetch no voxels

The layout:
${layoutHelp}

Output:
  --json                 print the summary as JSON
  -q, --quiet            print nothing but errors
  --strict               exit with 3 if any voxel was filled, for whatever reason. Sections that --broken-slices
                         replaced do not count
  --help                 print this

${sourceHelp}

Exit codes: 0 done, 1 failed, 2 wrong command line, 3 voxels were filled and --strict was given, 130 interrupted.

Examples:
  catmaid-image get stack.json --roi "x=1000:2000,y=1000:2000,z=20:30" -o volume.npy
  catmaid-image get https://example.org/catmaid/1/stack/2/info --space project \\
      --roi "x=6000:10000,y=4000:8000,z=1000+40" --mirror fastest -o section.png
  catmaid-image get stack.json --roi all -o volume.ome.zarr --shard 512,512,512 --levels 5
  catmaid-image get stack.json --roi all -o volume.ome.zarr --shard 512,512,512 --levels 5 --resume
  catmaid-image get stack.json --roi "z=20" --zoom 2 -o - --format png | display`;
