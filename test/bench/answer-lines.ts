import { writeSync } from "node:fs";
import { createInterface } from "node:readline";

/** The other end of a `LineProcess`: answers lines of JSON on standard input, one after another. */
export async function answerLines<Q>(answer: (question: Q) => Promise<object>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    let reply: object;
    try {
      reply = await answer(JSON.parse(line) as Q);
    } catch (error) {
      reply = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    writeSync(1, `${JSON.stringify(reply)}\n`);
  }
}
