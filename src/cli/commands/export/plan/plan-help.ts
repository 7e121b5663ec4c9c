export function planHelp(
  sourceHelp: string,
  fetchHelp: string,
  layoutHelp: string,
  taskHelp: string,
): string {
  return `Usage: catmaid-image export plan STACK --roi ROI --output FOLDER --plan PLAN.json [options]
       catmaid-image export plan PLAN.json --only-missing [--repair] --plan REST.json

Divides an export into numbered tasks, writes how into PLAN.json, and makes the dataset, which opens in no reader until
it is finished. Nothing is fetched. Tasks are whole files (chunks or shards) of the dataset: no two of them write one. Then

  catmaid-image export run PLAN.json --task I     does task I, from 0: on any machine that has the folder, in any order
  catmaid-image export status PLAN.json           says how far they are
  catmaid-image export finish PLAN.json           completes the dataset

The tasks:
${taskHelp}
  --plan PLAN.json       where the plan is written to, for your own eyes: it has the addresses of the stack, and no
                         credentials, which export run is given
  --only-missing         the same plan for the tasks that are not done: export run takes number I of these. Those that run
                         are left out, and named
  --repair               with it: also those with files that were filled after a failure, which are then fetched again

The region:
  --roi ROI              as catmaid-image get has it; "all" is the whole stack
  --space SPACE          stack (default), scaled or project
  --zoom N               zoom level; default 0, full resolution
  --orientation AXES     axis order of the volume, slowest first; default zyx

Where voxels come from:
${fetchHelp}
  --fill VALUE           value of filled voxels, which their type must hold; default 0

The dataset:
  -o, --output FOLDER    name.ome.zarr, .zarr, .n5 or .precomputed, name/ with a --format of many files, or name.npy or
                         .raw, which tasks write into where their voxels belong
  --format FORMAT        ome-zarr (0.5), ome-zarr-0.4, n5, precomputed, png (a folder of them), npy or raw; HDF5, TIFF, NRRD
                         and .zip are written by one process: catmaid-image get
  --overwrite            replace the export that is there, and PLAN.json
  --max-memory MIB       limit for what is on its way to chunks, default 256
${layoutHelp}

Output:
  --json                 print the summary as JSON
  -q, --quiet            print nothing but errors
  --help                 print this

${sourceHelp}

Exit codes: 0 done, 1 failed, 2 the command line is wrong, 130 interrupted.

Examples:
  catmaid-image export plan stack.json --roi all -o volume.ome.zarr --shard 512,512,512 --levels 6 --task-size 2GB \\
      --concurrent 50 --max-requests 200 --plan plan.json`;
}
