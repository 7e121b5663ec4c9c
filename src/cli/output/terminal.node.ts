/** Where a command writes: results to standard output, all else to standard error. */
export class Terminal {
  readonly #stdout: NodeJS.WriteStream;
  readonly #stderr: NodeJS.WriteStream;
  readonly #colour: boolean;
  #line = "";

  constructor(process: NodeJS.Process) {
    this.#stdout = process.stdout;
    this.#stderr = process.stderr;
    // See no-color.org: any non-empty value counts.
    const { NO_COLOR, TERM } = process.env;
    this.#colour = !NO_COLOR && TERM !== "dumb";
    // A reader that has seen enough (`| head`) is no error.
    this.#stdout.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }

  /** Whether somebody watches standard error. */
  get isWatched(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** Width of the terminal that shows standard error, in characters. */
  get columns(): number {
    return this.#stderr.columns || 80;
  }

  /** A line of the result. */
  print(text: string): void {
    this.#stdout.write(`${text}\n`);
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

  #painted(code: string, stream: NodeJS.WriteStream, text: string): string {
    return this.#colour && stream.isTTY === true ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}
