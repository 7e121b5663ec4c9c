import { commandLine, quoted } from "../../../shell-command.js";
import { type Job, mostRetries, type Submission, tryAgain } from "./submission.js";

/** Minutes in the notation of schedulers: `HH:MM:00`. */
export function clockText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
}

/** How an engine gets its jobs. */
export interface ShellEngine {
  /** Name of the engine, for people. */
  readonly title: string;
  /** Says where the jobs get their credentials from, in lines of a comment. */
  readonly credentials: readonly string[];
  /** The body of `submit NAME PARTS AFTER`, which submits the script from standard input and prints the number of the job. */
  readonly submit: readonly string[];
  /** The script of a job. `run` is the line that runs its tasks. */
  job(run: string): readonly string[];
}

/**
 * Writes a script that submits all jobs and ends; the scheduler does the rest. The scheduler gets the script of each job by
 * standard input, so that only the plan has to stay where it is.
 */
export function shellScript(engine: ShellEngine, submission: Submission): string {
  const { plan, logs, jobs } = submission;
  return `${[
    "#!/bin/bash",
    `# Submits the tasks of ${oneLine(plan)} to ${engine.title}.`,
    `# Run it once: bash SCRIPT. A job that exits with ${tryAgain} is tried again, ${mostRetries} times. For tasks that are left in`,
    "# the end, make a plan with export plan --only-missing, and a script from that plan.",
    ...engine.credentials.map((line) => `# ${line}`),
    "set -euo pipefail",
    `logs=${quoted(logs)}`,
    'mkdir -p "$logs"',
    "",
    "# submit NAME PARTS AFTER: submits the script on standard input as a job, or as an array if PARTS is above 1. The job begins",
    "# when job AFTER is done. Prints the number of the job.",
    "submit() {",
    "  local name=$1 parts=$2 after=$3",
    ...indented(engine.submit),
    "}",
    "",
    "job=",
    ...jobs.flatMap((job) => submitted(job, engine, submission)),
    `echo "submitted: $job is the last job. To see the progress: ${doubleQuoted(commandLine([...submission.command, "export", "status", plan]))}"`,
  ].join("\n")}\n`;
}

function submitted({ name, parts, words }: Job, engine: ShellEngine, { command }: Submission): string[] {
  return [
    `job=$(submit ${name} ${parts} "$job" <<'END'`,
    "#!/bin/bash",
    ...engine.job(commandLine([...command, ...words])),
    "END",
    ")",
    `echo "${name}: job $job"`,
    "",
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function doubleQuoted(text: string): string {
  return text.replaceAll(/[\\"$`]/g, "\\$&");
}

/** Removes newlines from a path, because a newline would end the comment that the path is in. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, " ");
}

/**
 * Lines that count the tries of an element, for engines that do not count them. After a failure that may pass, the element
 * ends with `again`, or with `otherwise` after the last try.
 */
export function countedTries(logs: string, element: string, again: number, otherwise: number): string[] {
  return [
    `if [ $status = ${tryAgain} ]; then`,
    `  tries=${quoted(logs)}/${element}.tries`,
    '  echo >>"$tries"',
    `  if [ "$(wc -l <"$tries")" -le ${mostRetries} ]; then exit ${again}; fi`,
    `  exit ${otherwise}`,
    "fi",
  ];
}

/** The comment for engines that show a job's environment to all users. Jobs read credentials from a private file there. */
export function privateCredentials(shownBy: string): string[] {
  return [
    `This script holds no credentials, and gives none to the scheduler, whose ${shownBy} would show them to everybody. The jobs`,
    "read them from ~/.catmaid-image.env, if that file exists (lines such as CATMAID_TOKEN=…; chmod 600).",
  ];
}

/** The line that reads these credentials. */
export const readCredentials =
  'if [ -r "$HOME/.catmaid-image.env" ]; then set -a; . "$HOME/.catmaid-image.env"; set +a; fi';
