import type { Auth, CatmaidClientOptions } from "../../index.js";
import { UsageError } from "../usage-error.js";
import type { Arguments, CommandOptions } from "./arguments.node.js";
import type { Environment } from "./environment.js";

/** Options for credentials. The environment is the better place for passwords: other users can see a command line. */
export const credentialOptions: CommandOptions = {
  token: { type: "string" },
  user: { type: "string" },
  "mirror-user": { type: "string" },
  "mirror-token": { type: "string" },
};

/** The part of `--help` about {@link credentialOptions}. */
export const credentialHelp = `Credentials (never printed; safer in the environment variables on the right than on the command line):
  --token TOKEN          CATMAID API token                      CATMAID_TOKEN
  --user NAME[:PASSWORD] HTTP Basic for CATMAID's web server    CATMAID_USER, CATMAID_PASSWORD
  --mirror-user NAME[:PASSWORD]
                         HTTP Basic for the image server        CATMAID_MIRROR_USER, CATMAID_MIRROR_PASSWORD
  --mirror-token TOKEN   token for the image server             CATMAID_MIRROR_TOKEN`;

/** The credentials for CATMAID, from the command line or the environment. */
export function catmaidCredentials(
  args: Arguments,
  env: Environment,
): Pick<CatmaidClientOptions, "auth" | "token"> {
  const token = tokenOf(args.text("token")) ?? tokenOf(env.CATMAID_TOKEN);
  const auth = basic(args.text("user") ?? lineOf(env.CATMAID_USER), env.CATMAID_PASSWORD, "CATMAID_PASSWORD");
  return { ...(token === undefined ? {} : { token }), ...(auth === undefined ? {} : { auth }) };
}

/** The credentials for the image server, from the command line or the environment. */
export function mirrorCredentials(args: Arguments, env: Environment): Auth | undefined {
  const token = tokenOf(args.text("mirror-token")) ?? tokenOf(env.CATMAID_MIRROR_TOKEN);
  const user = args.text("mirror-user") ?? lineOf(env.CATMAID_MIRROR_USER);
  const auth = basic(user, env.CATMAID_MIRROR_PASSWORD, "CATMAID_MIRROR_PASSWORD");
  if (token !== undefined && auth !== undefined) {
    throw new UsageError("an image server takes a user or a token, and both were given");
  }
  return token === undefined ? auth : { token };
}

function basic(
  user: string | undefined,
  password: string | undefined,
  passwordName: string,
): readonly [string, string] | undefined {
  if (user === undefined) return undefined;
  const colon = user.indexOf(":");
  if (colon >= 0) return [user.slice(0, colon), user.slice(colon + 1)];
  if (password === undefined) throw new UsageError(`a user needs a password: set ${passwordName}`);
  return [user, lineOf(password) ?? ""];
}

/** A token, trimmed: a token from a file often ends in a newline, which a header may not contain. */
export function tokenOf(value: string | undefined): string | undefined {
  return value?.trim() || undefined;
}

/** A user or a password without newlines at its end. Its spaces are kept. */
export function lineOf(value: string | undefined): string | undefined {
  return value?.replace(/[\r\n]+$/, "") || undefined;
}
