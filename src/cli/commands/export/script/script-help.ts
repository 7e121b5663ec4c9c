export const scriptHelp = `Usage: catmaid-image export script PLAN.json --engine ENGINE [options]

Prints a script that submits the tasks of a plan to a scheduler. Each level becomes an array of jobs (its elements), which
begins when the level before is done. The last job is export finish. The script works as it is:

  catmaid-image export script plan.json --engine slurm > submit.sh && bash submit.sh

A job that exits with 75 (the server, the network or the disk failed) is tried again, five times. For tasks that are left in
the end, make a plan, and print a script of that plan:

  catmaid-image export plan plan.json --only-missing --plan rest.json

The script holds no credentials. SLURM and LSF jobs get the environment in which you run it. PBS and Grid Engine jobs read
~/.catmaid-image.env. Kubernetes jobs use the secret catmaid-image. AWS Batch jobs use the secrets of the job definition.

  --engine ENGINE        slurm, lsf, pbs (OpenPBS, PBS Professional), sge (Grid Engine), kubernetes or aws-batch
  --concurrent K         number of jobs that run at once; default: the plan's
  --elements N           most jobs of an array; default 1000, which every scheduler allows as it is installed. If there
                         are more tasks, each job runs several. AWS Batch never gets more jobs than --concurrent
  --time HH:MM           time limit of a job; default: an hour for each of its tasks, but at least 4:00 and (except in AWS
                         Batch) at most 24:00
  --memory BYTES         memory of a job; default 2GiB
  --cpus N               processors, and workers, of a job; default 1
  --queue NAME           queue or partition; default: the scheduler's. AWS Batch needs its job queue
  --image NAME           kubernetes: a container image with Node and catmaid-image
  --claim NAME           kubernetes: the PersistentVolumeClaim that holds the plan and the dataset
  --job-definition NAME  aws-batch: the job definition, with the image and the file system of the plan and the dataset
  --help                 print this

Exit codes: 0 done, 2 wrong command line or plan.

Examples:
  catmaid-image export script plan.json --engine slurm --concurrent 50 --queue short | bash
  catmaid-image export script plan.json --engine kubernetes --image registry.example.org/catmaid-image --claim em | bash`;
