/** The environment variables that the command line looks at. */
export interface Environment {
  /** Address of CATMAID, for `--server`. */
  readonly CATMAID_URL?: string | undefined;
  /** Project id, for `--project`. */
  readonly CATMAID_PROJECT?: string | undefined;
  /** CATMAID API token. */
  readonly CATMAID_TOKEN?: string | undefined;
  /** User of the web server in front of CATMAID, and with a colon its password. */
  readonly CATMAID_USER?: string | undefined;
  /** Password of that user. */
  readonly CATMAID_PASSWORD?: string | undefined;
  /** User of the image server, and with a colon its password. */
  readonly CATMAID_MIRROR_USER?: string | undefined;
  /** Password of that user. */
  readonly CATMAID_MIRROR_PASSWORD?: string | undefined;
  /** Token of the image server. */
  readonly CATMAID_MIRROR_TOKEN?: string | undefined;
  /** Anything: no colours. */
  readonly NO_COLOR?: string | undefined;
  /** `dumb`: no colours. */
  readonly TERM?: string | undefined;
  /** Anything: stack traces of errors. */
  readonly DEBUG?: string | undefined;
  /** Index of the element of a job array, in SLURM. */
  readonly SLURM_ARRAY_TASK_ID?: string | undefined;
  /** The same of an Indexed Job, in Kubernetes. */
  readonly JOB_COMPLETION_INDEX?: string | undefined;
  /** The same, in AWS Batch. */
  readonly AWS_BATCH_JOB_ARRAY_INDEX?: string | undefined;
  /** The same, in LSF. */
  readonly LSB_JOBINDEX?: string | undefined;
  /** The same, in OpenPBS and PBS Professional. */
  readonly PBS_ARRAY_INDEX?: string | undefined;
  /** The same, in Torque. */
  readonly PBS_ARRAYID?: string | undefined;
  /** The same, in Grid Engine. */
  readonly SGE_TASK_ID?: string | undefined;
}
