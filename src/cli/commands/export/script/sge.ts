import {
  clockText,
  commandLine,
  countedTries,
  privateCredentials,
  readCredentials,
  shellScript,
} from "./shell-text.js";
import type { Submission } from "./submission.js";

/** What Grid Engine takes as: put it back into the queue. */
const requeued = 99;

/** What it takes as: stop here, with all that waits for it, until somebody has looked. */
const halted = 100;

/**
 * A script for Grid Engine, which counts elements from 1. A job that waits for another one waits for its end, good or bad,
 * but not for one that halted. Memory is asked for and not limited: `h_vmem` counts what Node has reserved and never uses.
 */
export function sgeScript(submission: Submission): string {
  const { logs, concurrent, minutes, memoryMiB, cpus, queue } = submission;
  const options = [
    ...[
      "-terse",
      "-r",
      "y",
      "-j",
      "y",
      "-S",
      "/bin/bash",
      "-l",
      `h_rt=${clockText(minutes)}`,
      "-l",
      `mem_free=${memoryMiB}M`,
    ],
    ...(cpus === 1 ? [] : ["-pe", "smp", `${cpus}`]),
    ...(queue === undefined ? [] : ["-q", queue]),
  ];
  return shellScript(
    {
      title: "Grid Engine",
      credentials: privateCredentials("qstat -j"),
      submit: [
        "local id",
        `local options=(-N "$name" -o "$logs" ${commandLine(options)})`,
        `if [ "$parts" -gt 1 ]; then options+=(-t "1-$parts" -tc ${concurrent}); fi`,
        'if [ -n "$after" ]; then options+=(-hold_jid "$after"); fi',
        `id=$(qsub "\${options[@]}") || return`,
        // An array is 123.1-640:1.
        `echo "\${id%%.*}"`,
      ],
      job: (run) => [
        readCredentials,
        run,
        "status=$?",
        ...countedTries(logs, '"$JOB_ID.$SGE_TASK_ID"', requeued, halted),
        `if [ $status != 0 ]; then exit ${halted}; fi`,
      ],
    },
    submission,
  );
}
