import type { Arguments, CommandOptions } from "./input/arguments.node.js";
import type { Environment } from "./input/environment.js";
import type { Terminal } from "./output/terminal.node.js";

/** One of the things that the command line does. */
export interface Command {
  /** Its name. */
  readonly name: string;
  /** What it does, in half a line. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Its options, besides `--help`. */
  readonly options: CommandOptions;
  /** Does it; resolves with the exit code, and rejects with the signal's reason when it is interrupted. */
  run(args: Arguments, context: CommandContext): Promise<number>;
}

/** What a command works with. */
export interface CommandContext {
  /** Where it writes. */
  readonly terminal: Terminal;
  /** Environment variables. */
  readonly env: Environment;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
