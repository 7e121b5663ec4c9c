import { type Job, mostRetries, type Submission } from "./submission.js";

/** What Kubernetes needs besides a {@link Submission}. */
export interface KubernetesPlace {
  /** Image with Node and `catmaid-image`. */
  readonly image: string;
  /** PersistentVolumeClaim that holds the plan and the dataset. */
  readonly claim: string;
  /** The folder where the claim is mounted, which is above both. */
  readonly folder: string;
}

/** Exit codes after which another try is useless: 1 for a lasting failure, 2 for a wrong command line or plan. */
const hopeless = [1, 2];

/**
 * Writes a script for Kubernetes. The script makes Indexed Jobs and waits for each before it makes the next, because
 * Kubernetes cannot order jobs. The manifests are JSON, so that nothing in them needs quotes of YAML or the shell.
 */
export function kubernetesScript(submission: Submission, place: KubernetesPlace): string {
  return `${[
    "#!/bin/bash",
    "# Runs the tasks of a plan as Indexed Jobs of Kubernetes (1.29 or later), level after level, and waits for them: bash SCRIPT",
    "# This script holds no credentials: the jobs use the secret catmaid-image, if it exists. To make it from the environment:",
    '#   kubectl create secret generic catmaid-image --from-literal=CATMAID_TOKEN="$CATMAID_TOKEN"',
    "set -euo pipefail",
    "",
    "# run: creates the job on standard input, and waits until it is done.",
    "run() {",
    "  local job",
    "  job=$(kubectl create -f - -o name)",
    '  echo "$job"',
    '  until kubectl wait --for=condition=complete --timeout=60s "$job" >/dev/null 2>&1; do',
    '    if kubectl wait --for=condition=failed --timeout=1s "$job" >/dev/null 2>&1; then',
    '      echo "$job failed: kubectl logs $job" >&2',
    "      return 1",
    "    fi",
    "  done",
    "}",
    ...submission.jobs.flatMap((job) => [
      "",
      "run <<'END'",
      JSON.stringify(manifest(job, submission, place), null, 2),
      "END",
    ]),
  ].join("\n")}\n`;
}

function manifest({ name, parts, words }: Job, submission: Submission, place: KubernetesPlace): object {
  const { concurrent, minutes, memoryMiB, cpus, command } = submission;
  const memory = `${memoryMiB}Mi`;
  const container = {
    name: "catmaid-image",
    image: place.image,
    command: [...command, ...words],
    envFrom: [{ secretRef: { name: "catmaid-image", optional: true } }],
    resources: { requests: { cpu: `${cpus}`, memory }, limits: { memory } },
    volumeMounts: [{ name: "data", mountPath: place.folder }],
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { generateName: `${name}-` },
    spec: {
      completionMode: "Indexed",
      completions: parts,
      parallelism: Math.min(parts, concurrent),
      backoffLimitPerIndex: mostRetries,
      podFailurePolicy: {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
          {
            action: "FailIndex",
            onExitCodes: { containerName: container.name, operator: "In", values: hopeless },
          },
        ],
      },
      template: {
        spec: {
          restartPolicy: "Never",
          activeDeadlineSeconds: minutes * 60,
          containers: [container],
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: place.claim } }],
        },
      },
    },
  };
}
