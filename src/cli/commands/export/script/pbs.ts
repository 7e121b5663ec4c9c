import { commandLine } from "../../../shell-command.js";
import { clockText, privateCredentials, readCredentials, shellScript } from "./shell-text.js";
import { mostRetries, type Submission, tryAgain } from "./submission.js";

const minutesOfWaits = Array.from({ length: mostRetries }, (_, index) => index + 1).join(" ");

/**
 * Writes a script for OpenPBS and PBS Professional. Only operators may requeue a job there, so the job itself tries again,
 * after one minute, after two, and so on. An array must have at least two elements.
 */
export function pbsScript(submission: Submission): string {
  const { concurrent, minutes, memoryMiB, cpus, queue } = submission;
  const options = [
    ...["-j", "oe", "-S", "/bin/bash", "-l", `select=1:ncpus=${cpus}:mem=${memoryMiB}mb`],
    ...["-l", `walltime=${clockText(minutes)}`],
    ...(queue === undefined ? [] : ["-q", queue]),
  ];
  return shellScript(
    {
      title: "OpenPBS or PBS Professional",
      credentials: privateCredentials("qstat -f"),
      submit: [
        `local options=(-N "$name" -o "$logs/" ${commandLine(options)})`,
        `if [ "$parts" -gt 1 ]; then options+=(-J "0-$((parts - 1))%${concurrent}"); fi`,
        'if [ -n "$after" ]; then options+=(-W "depend=afterok:$after"); fi',
        `qsub "\${options[@]}"`,
      ],
      job: (run) => [
        readCredentials,
        `for wait in ${minutesOfWaits} 0; do`,
        `  ${run}`,
        "  status=$?",
        `  if [ $status != ${tryAgain} ] || [ $wait = 0 ]; then break; fi`,
        '  sleep "$((60 * wait))"',
        "done",
        "exit $status",
      ],
    },
    submission,
  );
}
