export const scriptHelp = `Usage: catmaid-image export script PLAN.json --engine ENGINE [options]

Prints a script that submits the tasks of a plan to a scheduler: an array of jobs for each level, each when the one before is
done, and export finish in the end. It works as it is:

  catmaid-image export script plan.json --engine slurm > submit.sh && bash submit.sh

A task that ends with 75 (the server or the disk could not be had) is tried again, five times. What is left in the end, for
whatever reason, is a plan of its own, of which a script can be printed as well:

  catmaid-image export plan plan.json --only-missing --plan rest.json

The script holds no credentials: SLURM and LSF give jobs the environment in which it is run; in PBS and Grid Engine they
read ~/.catmaid-image.env; Kubernetes has a secret, AWS Batch the job definition.

  --engine ENGINE        slurm, lsf, pbs (OpenPBS, PBS Professional), sge (Grid Engine), kubernetes or aws-batch
  --concurrent K         how many elements run at once; default: what the plan says
  --elements N           most elements of an array, which do several tasks each if there are more; default 1000, which
                         every scheduler takes as it is installed. In AWS Batch there are never more than run at once
  --time HH:MM           limit for an element; default: an hour for each of its tasks, from 4:00 to 24:00
  --memory BYTES         memory of an element; default 2GiB
  --cpus N               processors, and workers, of an element; default 1
  --queue NAME           queue or partition; default: the scheduler's. AWS Batch needs its job queue
  --image NAME           kubernetes: an image that has Node and catmaid-image
  --claim NAME           kubernetes: the PersistentVolumeClaim that is mounted where plan and dataset are
  --job-definition NAME  aws-batch: the job definition, with the image and the file system where plan and dataset are
  --help                 print this

Exit codes: 0 done, 2 the command line or the plan is wrong.

Examples:
  catmaid-image export script plan.json --engine slurm --concurrent 50 --queue short | bash
  catmaid-image export script plan.json --engine kubernetes --image registry.example.org/catmaid-image --claim em | bash`;
