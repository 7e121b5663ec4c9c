import type { StackMirror } from "../../index.js";

/** A number of bytes for people: `1.5 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes === 1) return "1 byte";
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A count with its noun: `1 tile`, `2 tiles`. */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** What a mirror is made of, in the singular. */
export function blockNoun({ blockFormat }: Pick<StackMirror, "blockFormat">): "tile" | "block" {
  return blockFormat === undefined ? "tile" : "block";
}

/** A time in ms for people: `2.5 s`. */
export function timeText(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 6000) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 6000) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 60 / 24)} days`;
}

/** A number of repeated requests: `1 retry`, `2 retries`. */
export function retriesText(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "retry" : "retries"}`;
}
