/** The command line asks for something that is none: the message is for who typed it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
