import { commandLine } from "../../../shell-command.js";
import { shellScript } from "./shell-text.js";
import { mostRetries, type Submission, tryAgain } from "./submission.js";

/** Writes a script for SLURM. The script has no waits between tries, as SLURM holds a requeued job for two minutes. */
export function slurmScript(submission: Submission): string {
  const { concurrent, minutes, memoryMiB, cpus, queue } = submission;
  const options = [
    "--parsable",
    "--requeue",
    "--open-mode=append",
    `--time=${minutes}`,
    `--cpus-per-task=${cpus}`,
    ...(queue === undefined ? [] : [`--partition=${queue}`]),
  ];
  return shellScript(
    {
      title: "SLURM",
      credentials: [
        "This script holds no credentials: the jobs have the environment in which you run it (CATMAID_TOKEN …).",
      ],
      submit: [
        "local id",
        `local options=(--job-name="$name" ${commandLine(options)})`,
        // If the memory of nodes is not configured, SLURM assumes 1 MB and refuses jobs that ask for more.
        `if [ "$(sinfo -h -o %m 2>/dev/null | head -n 1)" != 1 ]; then options+=(--mem=${memoryMiB}M); fi`,
        'if [ "$parts" -gt 1 ]; then',
        `  options+=(--array="0-$((parts - 1))%${concurrent}" --output="$logs/$name.%A_%a.log")`,
        "else",
        '  options+=(--output="$logs/$name.%j.log")',
        "fi",
        'if [ -n "$after" ]; then options+=(--dependency="afterok:$after" --kill-on-invalid-dep=yes); fi',
        `id=$(sbatch "\${options[@]}") || return`,
        // In a federation of clusters, `;` and the name of the cluster follow the ID.
        `echo "\${id%%;*}"`,
      ],
      job: (run) => [
        run,
        "status=$?",
        `if [ $status = ${tryAgain} ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${mostRetries} ]; then`,
        `  scontrol requeue "\${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}\${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}"`,
        "fi",
        "exit $status",
      ],
    },
    submission,
  );
}
