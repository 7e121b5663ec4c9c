import { isCatmaidImageError } from "../errors.js";
import { NotYetError, TaskFailure } from "../tasks/run/task-failure.js";
import { messageText } from "./output/message-text.js";
import { UsageError } from "./usage-error.js";

/** Exit codes, for scripts. */
export const exitCode = {
  /** All went well. */
  ok: 0,
  /** Something failed: the server, a tile, a file. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** `--strict` was given, and some voxels were filled. */
  filled: 3,
  /** A task of an export failed, and another run may succeed. `EX_TEMPFAIL` of sysexits.h. */
  tryAgain: 75,
  /** Interrupted (Ctrl-C). */
  interrupted: 130,
} as const;

const usageCodes: ReadonlySet<string> = new Set([
  "invalid-roi",
  "invalid-zoom-level",
  "invalid-option",
  "invalid-out",
]);

/** The exit code for an error that a command threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCode.usage;
  if (error instanceof NotYetError) return exitCode.tryAgain;
  if (error instanceof TaskFailure) return error.tryAgain ? exitCode.tryAgain : exitCode.failed;
  return isCatmaidImageError(error) && usageCodes.has(error.code) ? exitCode.usage : exitCode.failed;
}

/** Describes an error that a command threw in one sentence. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return messageText(String(error));
  const advice = mayOtherMirrorAnswer(error)
    ? "; catmaid-image mirrors says which mirrors of the stack answer"
    : "";
  return messageText(error.message === "" ? error.name : error.message) + advice;
}

/** Whether a tile could not be had because its mirror does not work, while others may. */
function mayOtherMirrorAnswer(error: Error): boolean {
  if (!isCatmaidImageError(error) || error.code !== "tile-fetch") return false;
  const { reason, status } = error;
  return reason === "network" || reason === "timeout" || (reason === "http" && status >= 500);
}
