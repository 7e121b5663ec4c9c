import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A child process that answers each line of JSON with a line of JSON. */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = [];
  readonly #name: string;
  #complaints = "";

  constructor(command: string, args: readonly string[]) {
    this.#name = [command, ...args].join(" ");
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.#waiting.shift()?.resolve(JSON.parse(line));
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-2000);
    });
    child.on("error", (error) => this.#fail(error));
    child.on("close", (code) =>
      this.#fail(new Error(`${this.#name} ended with ${code}: ${this.#complaints}`)),
    );
    // If the child has ended, its `close` event reports that.
    child.stdin.on("error", () => {});
  }

  /** Asks a question and waits for the answer. Rejects with the child's message if it answers `{ error }`. */
  async ask<T>(question: unknown): Promise<T> {
    const answer = await new Promise<unknown>((resolve, reject) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        reject(new Error(`${this.#name} is gone: ${this.#complaints}`));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    });
    const { error } = answer as { error?: string };
    if (error !== undefined) throw new Error(`${this.#name}: ${error}`);
    return answer as T;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once("close", () => resolve());
      child.kill("SIGKILL");
    });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
