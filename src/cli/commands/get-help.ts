export function getHelp(sourceHelp: string, fetchHelp: string, layoutHelp: string): string {
  return `Usage: catmaid-image get STACK --roi ROI --output FILE [options]

Fetches a region of a stack and writes it as one file (NumPy, HDF5, TIFF, NRRD, raw voxels, a picture), or as a folder of
chunks (OME-Zarr, N5, precomputed). Volumes are streamed to disk. A file appears under its name when it is complete, and
takes the place of another only with --overwrite; a folder opens in no reader until it is complete, and a run that was
stopped goes on with --resume.

The region:
  --roi ROI              such as "x=1000:2000,y=500+256,z=7": from:to (without to), from+length, or one voxel;
                         a bound or an axis that is left out is the stack's own; "all" is the whole stack; what
                         lies beyond the stack is filled, and a region without any voxel of it is refused
  --space SPACE          what the numbers are: stack (voxels of zoom level 0, the default), scaled (voxels of
                         --zoom) or project (nanometres, axes of the project)
  --zoom N               zoom level; default 0, full resolution
  --orientation AXES     axis order of the volume, slowest first; default zyx

Where voxels come from:
${fetchHelp}
  --fill VALUE           value of filled voxels, which their type must hold; default 0

The file:
  -o, --output FILE      name.npy, .h5, .tif, .nrrd, .raw (with FILE.json beside it) or .png (8 bits; one section, or all of
                         them side by side); name.ome.zarr, .zarr, .n5 or .precomputed, which are folders; name.zip,
                         OME-Zarr in a zip unless --format says otherwise; name/ with a --format of many files, png too
                         (a picture for each section); "-" is standard output, and the summary then goes to standard
                         error
  --format FORMAT        ome-zarr (0.5), ome-zarr-0.4, n5, precomputed, hdf5, tiff, nrrd, npy, png or raw, for a FILE whose
                         name does not say it; default for "-": npy
  --overwrite            replace FILE, and FILE.json, where they are there already; of folders, only those of an export
  --resume               go on with a folder or .zip of a run that was stopped: the rest of the command line must be the same
  --repair               the same, but compare what is there with its checksums first, and fetch again what is damaged or
                         was filled after a failure
  --yes                  do not ask before more than 10 GB are fetched; asked is only on a terminal
  --metadata             FILE.json beside other formats too: resolution, origin, what was filled
  --slice N              .png: this section alone, of the first axis, in voxels of the zoom level
  --columns N            .png: sections side by side
  --max-memory MIB       limit for pictures and for "-", which are held in memory, default 1024; and for what is on its way
                         to chunks, default 256; a single file takes at most 256 of it
  --dry-run              say how large the region is, and fetch no voxels

The layout:
${layoutHelp}

Output:
  --json                 print the summary as JSON
  -q, --quiet            print nothing but errors
  --strict               exit with 3 if any voxel was filled, for whatever cause; sections that --broken-slices
                         replaced do not count
  --help                 print this

${sourceHelp}

Exit codes: 0 done, 1 failed, 2 the command line is wrong, 3 filled voxels and --strict, 130 interrupted.

Examples:
  catmaid-image get stack.json --roi "x=1000:2000,y=1000:2000,z=20:30" -o volume.npy
  catmaid-image get https://example.org/catmaid/1/stack/2/info --space project \\
      --roi "x=6000:10000,y=4000:8000,z=1000+40" --mirror fastest -o section.png
  catmaid-image get stack.json --roi all -o volume.ome.zarr --shard 512,512,512 --levels 5
  catmaid-image get stack.json --roi all -o volume.ome.zarr --shard 512,512,512 --levels 5 --resume
  catmaid-image get stack.json --roi "z=20" --zoom 2 -o - --format png | display`;
}
