import { readFileSync } from "node:fs";

/** The largest resident memory of this process until now, in MB: Linux' own figure, as `maxRSS` begins with that of the process that started this one. */
export function peakMemoryMb(): number {
  try {
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return Number(peak) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}
