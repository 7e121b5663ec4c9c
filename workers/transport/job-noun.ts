import type { Codec } from "../protocol.js";

/** What messages call what a job is for. */
export function nounOf({ kind }: Codec): "tile" | "file" | "block" {
  if (kind === "image") return "tile";
  return kind === "bytes" ? "file" : "block";
}
