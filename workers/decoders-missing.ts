import { thrownError, WorkerError } from "../src/errors.js";

/** The error for decoders whose separate file cannot be loaded. */
export function decodersMissing(cause: unknown): WorkerError {
  const message = `the decoders for these files could not be loaded (${thrownError(cause).message}); serve all files of catmaid-image's dist, with CORS for other origins`;
  return new WorkerError(message, { cause });
}
