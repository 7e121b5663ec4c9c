/** Jobs to submit to a scheduler. Each begins when the one before it is done. */
export interface Submission {
  /** Absolute path of the plan. */
  readonly plan: string;
  /** Absolute path of the folder for the output of jobs. */
  readonly logs: string;
  /** The words that run `catmaid-image`. */
  readonly command: readonly string[];
  /** The jobs, in order. */
  readonly jobs: readonly Job[];
  /** Most elements of a job that run at once. */
  readonly concurrent: number;
  /** Limit for an element, in minutes. */
  readonly minutes: number;
  /** Memory of an element, in MiB. */
  readonly memoryMiB: number;
  /** Processors of an element. */
  readonly cpus: number;
  /** Queue, or partition. Default: the scheduler's. */
  readonly queue: string | undefined;
}

/** A job: an array with an element for each part, or a single job if there is one part. */
export interface Job {
  /** Name of the job, of letters, digits and hyphens. */
  readonly name: string;
  /** Number of elements. */
  readonly parts: number;
  /** Number of the plan's tasks that the job runs. */
  readonly tasks: number;
  /** The words after {@link Submission.command}. They are the same for all elements, each of which finds its own part. */
  readonly words: readonly string[];
}

/** How often an element that ended with {@link tryAgain} is tried again. */
export const mostRetries = 5;

/** The exit code of a task that failed but may succeed later, because the server or the disk was not available. */
export const tryAgain = 75;
