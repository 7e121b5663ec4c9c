import { commandLine } from "../../../shell-command.js";
import { clockText, countedTries, privateCredentials, readCredentials, shellScript } from "./shell-text.js";
import type { Submission } from "./submission.js";

/** Exit code with which Grid Engine puts a job back into the queue. */
const requeued = 99;

/** Exit code with which Grid Engine stops a job, and all jobs that wait for it, until somebody intervenes. */
const halted = 100;

/**
 * Writes a script for Grid Engine, which counts elements from 1. A waiting job begins when the other job ends, even if that
 * failed, but not if it halted; so failed jobs halt. Memory is requested but not limited, because `h_vmem` also counts
 * memory that Node reserves and never uses.
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
        // The ID of an array is like 123.1-640:1.
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
