import { quoted } from "../../../shell-command.js";
import { type Job, mostRetries, type Submission, tryAgain } from "./submission.js";

/**
 * Writes a script for AWS Batch. Its arrays have no limit of elements that run at once. So an array has only as many elements
 * as may run at once, and each runs several tasks. The job definition has the image, the file system and the secrets.
 */
export function awsBatchScript(submission: Submission, jobDefinition: string): string {
  return `${[
    "#!/bin/bash",
    "# Submits the tasks of a plan to AWS Batch, level after level: bash SCRIPT",
    "# This script holds no credentials: the job definition has them as secrets (CATMAID_TOKEN …).",
    "set -euo pipefail",
    "after=()",
    ...submission.jobs.flatMap((job) => [
      "",
      `job=$(aws batch submit-job --query jobId --output text \${after[@]+"\${after[@]}"} \\`,
      `  --cli-input-json ${quoted(JSON.stringify(request(job, submission, jobDefinition), null, 2))})`,
      `echo "${job.name}: job $job"`,
      'after=(--depends-on "jobId=$job")',
    ]),
  ].join("\n")}\n`;
}

function request({ name, parts, words }: Job, submission: Submission, jobDefinition: string): object {
  const { minutes, memoryMiB, cpus, queue, command } = submission;
  return {
    jobName: name,
    jobQueue: queue,
    jobDefinition,
    ...(parts > 1 && { arrayProperties: { size: parts } }),
    retryStrategy: {
      attempts: mostRetries + 1,
      evaluateOnExit: [
        { onExitCode: `${tryAgain}`, action: "RETRY" },
        // Retries if the machine was taken away, because tasks can be resumed.
        { onStatusReason: "Host EC2*", action: "RETRY" },
        { onReason: "*", action: "EXIT" },
      ],
    },
    timeout: { attemptDurationSeconds: minutes * 60 },
    containerOverrides: {
      command: [...command, ...words],
      resourceRequirements: [
        { type: "VCPU", value: `${cpus}` },
        { type: "MEMORY", value: `${memoryMiB}` },
      ],
    },
  };
}
