import { readFileSync } from "node:fs";

/**
 * Largest resident memory of this process so far, in MB. Uses Linux's own figure, because `maxRSS` starts with that of
 * the parent process.
 */
export function peakMemoryMb(): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return Number(peak) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}
