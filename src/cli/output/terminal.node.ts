import { fstatSync, writeSync } from "node:fs";
import { createInterface } from "node:readline/promises";

/** Writes results to standard output, and everything else to standard error. */
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
    // Errors of standard error cannot be reported anywhere, and are no reason to end the command.
    this.#stderr.on("error", () => {});
  }

  /** Whether standard error is a terminal. */
  get isWatched(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** Width of the terminal that shows standard error, in characters. */
  get columns(): number {
    return this.#stderr.columns || 80;
  }

  /** Whether standard output is a terminal, and not a file or another program. */
  get showsResults(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** A line of the result. */
  print(text: string): void {
    void this.printBytes(Buffer.from(`${text}\n`));
  }

  /** Writes bytes of the result. Resolves when they are handed over, and never rejects: see {@link Terminal.settle}. */
  async printBytes(bytes: Uint8Array): Promise<void> {
    if (this.#trouble !== undefined) return;
    if (this.#toFile) this.#printToFile(bytes);
    else await new Promise<void>((resolve) => this.#stdout.write(bytes, () => resolve()));
  }

  /**
   * Waits until all results are written. Resolves with the error if they could not be. It is no error that the reader
   * stops early (`| head`).
   */
  async settle(): Promise<Error | undefined> {
    await this.printBytes(new Uint8Array(0));
    return this.#trouble?.code === "EPIPE" ? undefined : this.#trouble;
  }

  /** The result as JSON. */
  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Shows a line of information. */
  note(text: string): void {
    this.status("");
    this.#stderr.write(`${text}\n`);
  }

  /** Shows a warning. */
  warn(text: string): void {
    this.note(`${this.#painted("33", this.#stderr, "warning:")} ${text}`);
  }

  /** Shows an error. */
  fail(text: string): void {
    this.note(`${this.#painted("31", this.#stderr, "catmaid-image:")} ${text}`);
  }

  /** Asks a yes/no question. Resolves with `true` if nobody can answer. Rejects with the signal's reason if aborted. */
  async confirm(question: string, signal: AbortSignal): Promise<boolean> {
    if (!this.isWatched || this.#stdin.isTTY !== true) return true;
    this.status("");
    const lines = createInterface({ input: this.#stdin, output: this.#stderr });
    // While a terminal is read by readline, Ctrl-C comes only as this event.
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

  /** Replaces the status line at the bottom of the terminal. An empty text removes it. */
  status(text: string): void {
    if (!this.isWatched || text === this.#line) return;
    this.#line = text;
    this.#stderr.write(`\r\u001b[K${text}`);
  }

  /** Makes text of a result bold, if standard output is a terminal. */
  strong(text: string): string {
    return this.#painted("1", this.#stdout, text);
  }

  /** Writes synchronously, because Node's stream does not notice if a full disk takes only a part of the bytes. */
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
