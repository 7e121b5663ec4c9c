import { MemoryByteSink } from "../../out/index.js";
import type { Terminal } from "./terminal.node.js";

/** Whether the value of `--output` means standard output. */
export function isStandardOutput(output: string): boolean {
  return output === "-" || /^\/(dev\/(stdout|fd\/1)|proc\/self\/fd\/1)$/.test(output);
}

/** A file that is kept in memory until it is complete and then written to standard output, so that no part is read alone. */
export class StandardOutput extends MemoryByteSink {
  readonly #terminal: Terminal;

  /** `byteLength` is the expected size of the file, which saves growing; it is not a limit. */
  constructor(terminal: Terminal, byteLength: number) {
    super(byteLength);
    this.#terminal = terminal;
  }

  /** Writes the file to standard output. */
  override async close(): Promise<void> {
    await this.#terminal.printBytes(this.bytes);
  }
}
