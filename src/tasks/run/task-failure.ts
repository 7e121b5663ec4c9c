import { isCatmaidImageError, isTileError } from "../../errors.js";

/** A task cannot be done now, but later: another run has the task, or tasks that it needs are not done. */
export class NotYetError extends Error {
  override readonly name = "NotYetError";
}

/** A task failed; the message is one sentence. */
export class TaskFailure extends Error {
  override readonly name = "TaskFailure";
  /** Whether another run may succeed. */
  readonly tryAgain: boolean;

  constructor(message: string, tryAgain: boolean, cause: unknown) {
    super(message, { cause });
    this.tryAgain = tryAgain;
  }
}

/** Codes of system errors that may pass: of disk space, load and network disks. */
const passing: ReadonlySet<string> = new Set(
  "ENOSPC EDQUOT EIO EAGAIN EBUSY ESTALE EMFILE ENFILE ENOMEM ETIMEDOUT ENOTCONN EHOSTDOWN EREMOTEIO".split(
    " ",
  ),
);

/** Whether another run may succeed after an error, because its cause may pass. */
export function mayTryAgain(error: unknown): boolean {
  if (error instanceof NotYetError) return true;
  if (!isCatmaidImageError(error)) return passing.has(String((error as { readonly code?: unknown }).code));
  switch (error.code) {
    case "tile-fetch":
      return (
        isTileError(error) && (error.reason === "http" ? isPassing(error.status) : !lasting.has(error.reason))
      );
    case "api":
      return error.status === 0 || isPassing(error.status);
    case "no-mirror":
    case "worker":
      return true;
    default:
      return false;
  }
}

const lasting: ReadonlySet<string> = new Set(["redirect", "too-large", "wrong-range", "missing"]);

function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}
