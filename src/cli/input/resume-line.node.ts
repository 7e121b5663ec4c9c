import { shownUrl } from "../../../workers/transport/shown-url.js";
import type { StackMirror } from "../../index.js";
import { ownCommand } from "../shell-command.js";
import type { Arguments } from "./arguments.node.js";
import { credentialOptions } from "./credentials.node.js";

/** Options whose values are secret. */
const secret: ReadonlySet<string> = new Set([...Object.keys(credentialOptions), "header", "mirror-header"]);

/** Options that `--resume` replaces. */
const replaced: ReadonlySet<string> = new Set(["resume", "repair", "overwrite"]);

/**
 * The shell command that resumes an export from the mirror of this run, even if another is the fastest later. It has `…` in
 * place of credentials.
 */
export function resumeLine(args: Arguments, { position }: StackMirror): string {
  const words = args.tokens.flatMap((token) => {
    if (token.kind === "positional")
      return [/^\w+:\/\//.test(token.value) ? shownUrl(token.value) : token.value];
    if (token.kind !== "option" || replaced.has(token.name)) return [];
    if (token.value === undefined) return [token.rawName];
    if (token.name === "mirror" && token.value === "fastest") return [token.rawName, String(position)];
    return [token.rawName, secret.has(token.name) ? "…" : token.value];
  });
  return ownCommand("get", ...words, "--resume");
}
