import { UsageError } from "../usage-error.js";
import type { Arguments, CommandOptions } from "./arguments.node.js";

/** Options of all requests of a command. */
export const requestOptions: CommandOptions = {
  header: { type: "string", multiple: true },
  "mirror-header": { type: "string", multiple: true },
  "missing-status": { type: "string" },
};

/** The part of `--help` about headers. */
export const headerHelp = `  --header "NAME: VALUE" sent to the stack's server, for tiles too; if the stack is a file, to the image server
  --mirror-header "NAME: VALUE"
                         sent to the image server. Both options may be repeated`;

/** The part of `--help` about {@link requestOptions}. */
export const requestHelp: string = `Requests (through the proxies of HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY):
${headerHelp}
  --missing-status N,N   HTTP statuses, besides 404 and 410, that mean "no such tile"`;

/** The headers of an option. */
export function headersOf(args: Arguments, name: "header" | "mirror-header"): Record<string, string> {
  return Object.fromEntries(args.texts(name).map((text) => parseHeader(text, name)));
}

function parseHeader(text: string, name: string): readonly [name: string, value: string] {
  const colon = text.indexOf(":");
  // The message does not repeat the text, which may contain a secret.
  if (colon < 1) throw new UsageError(`--${name} must be like "X-Name: value"`);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

/** Reads `--missing-status`: the statuses that mean "missing", or `undefined` for the default. */
export function missingStatusesOf(args: Arguments): readonly number[] | undefined {
  const text = args.text("missing-status");
  if (text === undefined) return undefined;
  const statuses = text.split(",").map((part) => part.trim());
  const odd = statuses.find((status) => !/^[2-5]\d\d$/.test(status));
  if (odd !== undefined) {
    throw new UsageError(`--missing-status must be HTTP statuses, like 403,204, and has "${odd}"`);
  }
  return [404, 410, ...statuses.map(Number)];
}
