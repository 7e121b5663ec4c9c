/** What is submitted to a scheduler: jobs, each of which begins when the one before it is done. */
export interface Submission {
  /** The plan, an absolute path. */
  readonly plan: string;
  /** Where what the jobs print goes: a folder, an absolute path. */
  readonly logs: string;
  /** What runs the command line, as words. */
  readonly command: readonly string[];
  /** The jobs, one after the other. */
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

/** A job: an array of as many elements as it has parts, or one that is no array. */
export interface Job {
  /** Letters, digits and hyphens. */
  readonly name: string;
  /** How many elements it has. */
  readonly parts: number;
  /** How many tasks of the plan it does. */
  readonly tasks: number;
  /** What each element runs, after {@link Submission.command}; it finds its part by itself. */
  readonly words: readonly string[];
}

/** How often an element is tried again that ended with 75 (the server or the disk could not be had). */
export const mostRetries = 5;

/** The exit code of a task that may go better later. */
export const tryAgain = 75;
