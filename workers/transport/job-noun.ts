import type { Codec } from "../protocol.js";

/** How messages name the file of a job. */
export function nounOf({ kind }: Codec): "tile" | "file" | "block" {
  if (kind === "image") return "tile";
  return kind === "bytes" ? "file" : "block";
}
