import { closeSync, openSync } from "node:fs";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Command } from "../../../src/cli/command.node.js";
import { exportCommands } from "../../../src/cli/commands/export/export-commands.node.js";
import { getCommand } from "../../../src/cli/commands/get.node.js";
import { verifyCommand } from "../../../src/cli/commands/verify.node.js";
import { exitCodeOf, sentenceOf } from "../../../src/cli/exit-code.js";
import { Arguments } from "../../../src/cli/input/arguments.node.js";
import { Terminal } from "../../../src/cli/output/terminal.node.js";
import type { CliResult } from "./run-cli.js";

const commands: readonly Command[] = [...exportCommands, getCommand, verifyCommand];

/** Runs a command in this process as the command line does, with a signal of the test. */
export async function runCommand(
  name: string,
  words: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<CliResult> {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw new Error(`there is no command ${name}`);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const fd = openSync("/dev/null", "w");
  const terminal = new Terminal({
    env: { NO_COLOR: "1" },
    stdin: process.stdin,
    stdout: Object.assign(stdout, { fd }),
    stderr,
  } as unknown as NodeJS.Process);
  const printed = Promise.all([text(stdout), text(stderr)]);
  const code = await command
    .run(new Arguments(words, command.options), { terminal, env: {}, signal })
    .catch((error: unknown) => {
      terminal.fail(sentenceOf(error));
      return exitCodeOf(error);
    });
  await terminal.settle();
  closeSync(fd);
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  return { code, stdout: out, stderr: err };
}
