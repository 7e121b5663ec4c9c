import { fstatSync, writeSync } from "node:fs";
import { createInterface } from "node:readline/promises";

/** Where a command writes: results to standard output, all else to standard error. */
export class Terminal {
  readonly #stdout: NodeJS.WriteStream & { readonly fd: 1 };
  readonly #stderr: NodeJS.WriteStream;
  readonly #stdin: NodeJS.ReadStream;
  readonly #colour: boolean;
  readonly #toFile: boolean;
  #trouble: NodeJS.ErrnoException | undefined;
  #line = "";

  constructor(process: NodeJS.Process) {
    this.#stdout = process.stdout;
    this.#stderr = process.stderr;
    this.#stdin = process.stdin;
    // See no-color.org: any non-empty value counts.
    const { NO_COLOR, TERM } = process.env;
    this.#colour = !NO_COLOR && TERM !== "dumb";
    this.#toFile = fstatSync(this.#stdout.fd).isFile();
    this.#stdout.on("error", (error) => {
      this.#trouble ??= error;
    });
    // What cannot be told there can be told nowhere, and is no reason to give up what was asked for.
    this.#stderr.on("error", () => {});
  }

  /** Whether somebody watches standard error. */
  get isWatched(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** Width of the terminal that shows standard error, in characters. */
  get columns(): number {
    return this.#stderr.columns || 80;
  }

  /** Whether results are shown to somebody, and not kept or taken by another program. */
  get showsResults(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** A line of the result. */
  print(text: string): void {
    void this.printBytes(Buffer.from(`${text}\n`));
  }

  /** Bytes of the result; resolves when they are on their way. Does not reject: see {@link Terminal.settle}. */
  async printBytes(bytes: Uint8Array): Promise<void> {
    if (this.#trouble !== undefined) return;
    if (this.#toFile) this.#printToFile(bytes);
    else await new Promise<void>((resolve) => this.#stdout.write(bytes, () => resolve()));
  }

  /**
   * Resolves when all results are out: with what became of those that could not be. A reader that has seen enough
   * (`| head`) is no trouble.
   */
  async settle(): Promise<Error | undefined> {
    await this.printBytes(new Uint8Array(0));
    return this.#trouble?.code === "EPIPE" ? undefined : this.#trouble;
  }

  /** The result as JSON. */
  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** A line about what goes on. */
  note(text: string): void {
    this.status("");
    this.#stderr.write(`${text}\n`);
  }

  /** A line about something worth knowing. */
  warn(text: string): void {
    this.note(`${this.#painted("33", this.#stderr, "warning:")} ${text}`);
  }

  /** A line about what went wrong. */
  fail(text: string): void {
    this.note(`${this.#painted("31", this.#stderr, "catmaid-image:")} ${text}`);
  }

  /** Asks for a yes. Where nobody could answer, that is one. Rejects with the signal's reason. */
  async confirm(question: string, signal: AbortSignal): Promise<boolean> {
    if (!this.isWatched || this.#stdin.isTTY !== true) return true;
    this.status("");
    const lines = createInterface({ input: this.#stdin, output: this.#stderr });
    // A terminal that is read line by line tells of Ctrl-C here alone.
    lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    try {
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      lines.close();
    }
  }

  /** The line at the bottom of a terminal, in place of the one before; the empty text takes it away. */
  status(text: string): void {
    if (!this.isWatched || text === this.#line) return;
    this.#line = text;
    this.#stderr.write(`\r\u001b[K${text}`);
  }

  /** Bold text of a result. */
  strong(text: string): string {
    return this.#painted("1", this.#stdout, text);
  }

  /** Node's stream takes for written what a full disk took half of. */
  #printToFile(bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#stdout.fd, bytes, done);
    } catch (error) {
      this.#trouble = error as NodeJS.ErrnoException;
    }
  }

  #painted(code: string, stream: NodeJS.WriteStream, text: string): string {
    return this.#colour && stream.isTTY === true ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
