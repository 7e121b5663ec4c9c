import { LineProcess } from "./line-process.js";
import { programPath } from "./places.js";

const pageBytes = 4096;
const share = 0.8;
const gibibyte = 2 ** 30;

/**
 * Touches most of the free memory once and gives it back. The host of a virtual machine provides memory at the first
 * touch, which takes about five times as long as a later one. Otherwise, the first cases would measure the host.
 * Returns a text about what was done, and what a page costs before and after.
 */
export async function warmMemory(): Promise<string> {
  const bytes = Math.floor(share * process.availableMemory());
  const amount = `${(bytes / gibibyte).toFixed(1)} GiB`;
  console.error(`Touching ${amount} of memory`);
  const before = await touch(bytes);
  const after = await touch(Math.min(bytes, gibibyte));
  return `${amount} touched before the first case, ${before} µs per page of 4 KiB; from then on ${after}`;
}

/** Touches memory in a process that ends afterwards. Returns µs of processor time per page. */
async function touch(bytes: number): Promise<string> {
  const child = new LineProcess(process.execPath, [programPath("touch-memory.process.mjs")]);
  try {
    const { cpuMs } = await child.ask<{ cpuMs: number }>({ bytes, pageBytes });
    return ((1000 * cpuMs * pageBytes) / bytes).toFixed(1);
  } finally {
    await child.close();
  }
}
