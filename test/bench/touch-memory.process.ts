/** Writes to each page of new memory, and holds it until the process ends. Answers with the processor time in ms. */

import { answerLines } from "./answer-lines.js";

const held: Buffer[] = [];
const pieceBytes = 2 ** 28;

await answerLines(async ({ bytes, pageBytes }: { bytes: number; pageBytes: number }) => {
  const before = process.cpuUsage();
  for (let left = bytes; left > 0; left -= pieceBytes) {
    const piece = Buffer.alloc(Math.min(left, pieceBytes));
    for (let at = 0; at < piece.length; at += pageBytes) piece[at] = 1;
    held.push(piece);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000 };
});
