import { commandLine } from "../../../shell-command.js";
import { countedTries, shellScript } from "./shell-text.js";
import { type Submission, tryAgain } from "./submission.js";

/** Writes a script for LSF. As LSF would retry without end, the script counts the tries. LSF counts elements from 1. */
export function lsfScript(submission: Submission): string {
  const { logs, concurrent, minutes, memoryMiB, cpus, queue } = submission;
  const options = [
    ...[
      "-n",
      `${cpus}`,
      "-R",
      `span[hosts=1] rusage[mem=${memoryMiB}MB]`,
      "-W",
      `${minutes}`,
      "-Q",
      `${tryAgain}`,
    ],
    ...(queue === undefined ? [] : ["-q", queue]),
  ];
  return shellScript(
    {
      title: "LSF",
      credentials: [
        "This script holds no credentials: the jobs have the environment in which you run it (CATMAID_TOKEN …).",
      ],
      submit: [
        "local answer",
        `local options=(${commandLine(options)})`,
        'if [ "$parts" -gt 1 ]; then',
        `  options+=(-J "\${name}[1-$parts]%${concurrent}" -o "$logs/$name.%J_%I.log")`,
        "else",
        '  options+=(-J "$name" -o "$logs/$name.%J.log")',
        "fi",
        'if [ -n "$after" ]; then options+=(-w "done($after)" -ti); fi',
        `answer=$(bsub "\${options[@]}") || return`,
        // The answer is: Job <123> is submitted to queue <normal>.
        "sed -n 's/^Job <\\([0-9]*\\)>.*/\\1/p' <<<\"$answer\"",
      ],
      job: (run) => [
        run,
        "status=$?",
        ...countedTries(logs, `"$LSB_JOBID.\${LSB_JOBINDEX:-0}"`, tryAgain, 1),
        "exit $status",
      ],
    },
    submission,
  );
}
