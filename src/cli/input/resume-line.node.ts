import { shownUrl } from "../../../workers/transport/shown-url.js";
import type { Arguments } from "./arguments.node.js";
import { credentialOptions } from "./credentials.node.js";

/** Options whose values are secret. */
const secret: ReadonlySet<string> = new Set([...Object.keys(credentialOptions), "header", "mirror-header"]);

/** Options that `--resume` replaces. */
const replaced: ReadonlySet<string> = new Set(["resume", "repair", "overwrite"]);

/** The shell command that resumes an export. It has `…` in place of credentials. */
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
