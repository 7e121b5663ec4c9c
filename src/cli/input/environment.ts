/** The environment variables that the command line looks at. */
export interface Environment {
  /** Address of CATMAID, for `--server`. */
  readonly CATMAID_URL?: string | undefined;
  /** Project id, for `--project`. */
  readonly CATMAID_PROJECT?: string | undefined;
  /** CATMAID API token. */
  readonly CATMAID_TOKEN?: string | undefined;
  /** User of the web server in front of CATMAID, optionally with `:` and the password. */
  readonly CATMAID_USER?: string | undefined;
  /** Password of that user. */
  readonly CATMAID_PASSWORD?: string | undefined;
  /** User of the image server, optionally with `:` and the password. */
  readonly CATMAID_MIRROR_USER?: string | undefined;
  /** Password of that user. */
  readonly CATMAID_MIRROR_PASSWORD?: string | undefined;
  /** Token of the image server. */
  readonly CATMAID_MIRROR_TOKEN?: string | undefined;
  /** Any non-empty value turns colours off. */
  readonly NO_COLOR?: string | undefined;
  /** The value `dumb` turns colours off. */
  readonly TERM?: string | undefined;
  /** Any non-empty value shows stack traces of errors. */
  readonly DEBUG?: string | undefined;
  /** Index of a job in its array, in SLURM. */
  readonly SLURM_ARRAY_TASK_ID?: string | undefined;
  /** Index of a pod in its Indexed Job, in Kubernetes. */
  readonly JOB_COMPLETION_INDEX?: string | undefined;
  /** Index of a job in its array, in AWS Batch. */
  readonly AWS_BATCH_JOB_ARRAY_INDEX?: string | undefined;
  /** Index of a job in its array, in LSF. */
  readonly LSB_JOBINDEX?: string | undefined;
  /** Index of a job in its array, in OpenPBS and PBS Professional. */
  readonly PBS_ARRAY_INDEX?: string | undefined;
  /** Index of a job in its array, in Torque. */
  readonly PBS_ARRAYID?: string | undefined;
  /** Index of a task in its array job, in Grid Engine. */
  readonly SGE_TASK_ID?: string | undefined;
}
