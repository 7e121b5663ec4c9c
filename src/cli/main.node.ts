import version from "virtual:package-version";
import type { Command } from "./command.node.js";
import { exportCommands } from "./commands/export/export-commands.node.js";
import { getCommand } from "./commands/get.node.js";
import { infoCommand } from "./commands/info.node.js";
import { mirrorsCommand } from "./commands/mirrors.node.js";
import { quickstartCommand } from "./commands/quickstart.node.js";
import { sampleCommand } from "./commands/sample.node.js";
import { serveCommand } from "./commands/serve.node.js";
import { verifyCommand } from "./commands/verify.node.js";
import { exitCode, exitCodeOf, sentenceOf } from "./exit-code.js";
import { Arguments, type CommandOptions } from "./input/arguments.node.js";
import { fileTrouble } from "./output/file-trouble.node.js";
import { Terminal } from "./output/terminal.node.js";
import { UsageError } from "./usage-error.js";

const commands: readonly Command[] = [
  infoCommand,
  mirrorsCommand,
  getCommand,
  verifyCommand,
  ...exportCommands,
  sampleCommand,
  serveCommand,
  quickstartCommand,
];

const help = `Usage: catmaid-image COMMAND [options]

Fetches regions of CATMAID image stacks as 3-D arrays.

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(15)}${summary}`).join("\n")}

catmaid-image COMMAND --help lists the options of a command. catmaid-image --version prints the version.
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 voxels were filled and --strict was given, 75 try the task again,
130 interrupted.`;

const interrupts = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const helpOption: CommandOptions = { help: { type: "boolean", short: "h" } };

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const terminal = new Terminal(process);
  const code = await attempt(words, terminal);
  const trouble = await terminal.settle();
  if (trouble === undefined) return code;
  terminal.fail(sentenceOf(fileTrouble("write", "standard output", trouble)));
  return code === exitCode.ok ? exitCode.failed : code;
}

async function attempt(words: readonly string[], terminal: Terminal): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    // A second interrupt ends the process at once, without cleaning up.
    if (interrupted.signal.aborted) process.exit(exitCode.interrupted);
    interrupted.abort(new Error("interrupted"));
  };
  for (const name of interrupts) process.on(name, interrupt);
  try {
    return await dispatch(words, terminal, interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) {
      terminal.fail("interrupted");
      return exitCode.interrupted;
    }
    terminal.fail(sentenceOf(error));
    const code = exitCodeOf(error);
    const { DEBUG } = process.env;
    if (DEBUG && error instanceof Error) terminal.note(error.stack ?? "");
    else if (error instanceof UsageError) terminal.note(`See catmaid-image ${commandOf(words)}--help`);
    return code;
  } finally {
    for (const name of interrupts) process.off(name, interrupt);
  }
}

async function dispatch(words: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
  const [name] = words;
  if (name === undefined) {
    terminal.note(help);
    return exitCode.usage;
  }
  if (isHelp(name) || name === "help") {
    terminal.print(words.length === 1 ? help : helpOf(words.slice(1)));
    return exitCode.ok;
  }
  if (name === "--version" || name === "-v") {
    terminal.print(version);
    return exitCode.ok;
  }
  if (words.length === 2 && isHelp(words[1])) {
    terminal.print(helpOf([name]));
    return exitCode.ok;
  }
  const command = commandIn(words);
  const args = new Arguments(words.slice(command.name.split(" ").length), {
    ...command.options,
    ...helpOption,
  });
  if (args.has("help")) {
    terminal.print(command.help);
    return exitCode.ok;
  }
  return command.run(args, { terminal, env: process.env, signal });
}

function isHelp(word: string | undefined): boolean {
  return word === "--help" || word === "-h";
}

/** The help text of a command, or the list of commands whose names begin with a word. */
function helpOf(words: readonly string[]): string {
  const group = words.length === 1 ? commandsOf(words[0] ?? "") : [];
  if (group.length === 0) return commandIn(words).help;
  const lines = group.map(({ name, summary }) => `  ${name.padEnd(15)}${summary}`);
  return [
    `Usage: catmaid-image ${words[0]} COMMAND [options]\n`,
    ...lines,
    `\ncatmaid-image ${words[0]} COMMAND --help lists the options of a command.`,
  ].join("\n");
}

/** The commands of two words that begin with a given word. */
function commandsOf(first: string): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${first} `));
}

/** The command at the beginning of the words. Some commands have names of two words. */
function commandIn(words: readonly string[]): Command {
  const command = commands.find(({ name }) => name === words.slice(0, name.split(" ").length).join(" "));
  if (command !== undefined) return command;
  const [first = ""] = words;
  const group = commandsOf(first);
  if (group.length === 0) throw new UsageError(`there is no command "${first}"`);
  throw new UsageError(`${first} what? There are ${group.map(({ name }) => name).join(", ")}`);
}

function commandOf(words: readonly string[]): string {
  try {
    return `${commandIn(words).name} `;
  } catch {
    return "";
  }
}
