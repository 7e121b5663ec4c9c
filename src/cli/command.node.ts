import type { Arguments, CommandOptions } from "./input/arguments.node.js";
import type { Environment } from "./input/environment.js";
import type { Terminal } from "./output/terminal.node.js";

/** A command of the command line. */
export interface Command {
  readonly name: string;
  /** What the command does, in half a line. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly help: string;
  /** Options of the command, besides `--help`. */
  readonly options: CommandOptions;
  /** Runs the command. Resolves with the exit code, and rejects with the signal's reason if it is interrupted. */
  run(args: Arguments, context: CommandContext): Promise<number>;
}

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: Environment;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
