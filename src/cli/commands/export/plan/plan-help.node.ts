import { layoutHelp } from "../../../input/layout-options.node.js";
import { regionHelp } from "../../../input/region.node.js";
import { sourceHelp } from "../../../input/stack-source.node.js";
import { taskHelp } from "./task-options.node.js";

export const planHelp: string = `Usage: catmaid-image export plan STACK --roi ROI --output FOLDER --plan PLAN.json [options]
       catmaid-image export plan PLAN.json --only-missing [--repair] --plan REST.json

Divides an export into numbered tasks, writes the plan to PLAN.json, and creates the dataset, which opens in no reader
until it is finished. Fetches no voxels. Each task writes its own files (chunks or shards) of the dataset. Then:

  catmaid-image export run PLAN.json --task I     runs task I, from 0: in any order, on any machine that has the folder
  catmaid-image export status PLAN.json           shows how far the tasks are
  catmaid-image export finish PLAN.json           completes the dataset

The tasks:
${taskHelp}
  --plan PLAN.json       file of the plan. It holds the stack's addresses, so only you can read it, but no credentials:
                         give these to export run
  --only-missing         plan only the tasks that are not done. export run numbers them from 0. Tasks that are running
                         are left out, and printed
  --repair               with --only-missing: also plan tasks with files that were filled after a failure. export run
                         fetches these files again

${regionHelp}

The dataset:
  -o, --output FOLDER    name.ome.zarr, .zarr, .n5 or .precomputed; name/ with a --format of many files; or name.npy or
                         .raw, one file into which all tasks write
  --format FORMAT        ome-zarr (0.5), ome-zarr-0.4, n5, precomputed, png (a folder), npy or raw. HDF5, TIFF, NRRD and
                         .zip need a single process: catmaid-image get
  --overwrite            replace the existing export and PLAN.json
  --max-memory MIB       limit, for each task, of voxels on their way to files; default 256
${layoutHelp}

Output:
  --json                 print the summary as JSON
  -q, --quiet            print nothing but errors
  --help                 print this

${sourceHelp}

Exit codes: 0 done, 1 failed, 2 wrong command line, 130 interrupted.

Examples:
  catmaid-image export plan stack.json --roi all -o volume.ome.zarr --shard 512,512,512 --levels 6 --task-size 2GB \\
      --concurrent 50 --max-requests 200 --plan plan.json`;
