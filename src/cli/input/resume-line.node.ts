import { shownUrl } from "../../../workers/transport/shown-url.js";
import type { Arguments } from "./arguments.node.js";

/** Options whose values nobody else is to read. */
const secret: ReadonlySet<string> = new Set([
  "token",
  "user",
  "mirror-user",
  "mirror-token",
  "header",
  "mirror-header",
]);

/** Those that the line has itself. */
const replaced: ReadonlySet<string> = new Set(["resume", "repair", "overwrite"]);

/** The command line that goes on with an export, for a shell; credentials are left to be filled in. */
export function resumeLine(args: Arguments): string {
  const words = args.tokens.flatMap((token) => {
    if (token.kind === "positional")
      return [/^\w+:\/\//.test(token.value) ? shownUrl(token.value) : token.value];
    if (token.kind !== "option" || replaced.has(token.name)) return [];
    if (token.value === undefined) return [token.rawName];
    return [token.rawName, secret.has(token.name) ? "…" : token.value];
  });
  return ["catmaid-image", "get", ...words, "--resume"].map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
