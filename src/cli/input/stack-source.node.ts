import { readFile } from "node:fs/promises";
import { buffer as readAll } from "node:stream/consumers";
import { contentName, latin1 } from "../../../workers/decode/foreign-bytes.js";
import { shownUrl } from "../../../workers/transport/shown-url.js";
import { jsonDecoder } from "../../client/json-decoder.js";
import { jsonFault } from "../../client/json-fault.js";
import {
  CatmaidClient,
  type DataType,
  ImageFetcher,
  type ImageFetcherOptions,
  InvalidStackError,
  isCatmaidImageError,
  ProjectStack,
  type StackMirror,
  ThreadedImageFetcher,
} from "../../index.js";
import type { CommandContext } from "../command.node.js";
import { fileTrouble } from "../output/file-trouble.node.js";
import { messageText } from "../output/message-text.js";
import { UsageError } from "../usage-error.js";
import type { Arguments, CommandOptions } from "./arguments.node.js";
import {
  catmaidCredentials,
  credentialHelp,
  credentialOptions,
  mirrorCredentials,
} from "./credentials.node.js";
import { headersOf, missingStatusesOf, requestHelp, requestOptions } from "./request-options.node.js";
import { looksLikeAddress, stackAddress, withScheme } from "./stack-address.js";

/** Options of the stack, and of requests for it. */
export const sourceOptions: CommandOptions = {
  server: { type: "string" },
  project: { type: "string" },
  stack: { type: "string" },
  timeout: { type: "string" },
  ...credentialOptions,
  ...requestOptions,
};

/** The part of `--help` about {@link sourceOptions}. */
export const sourceHelp: string = `The stack (environment variables on the right):
  STACK                  a stack-info JSON file, "-" (standard input), the URL of a stack info
                         (https://example.org/catmaid/1/stack/2/info), or the URL of a CATMAID viewer
                         (https://example.org/catmaid/?pid=1&sid0=2). Instead of STACK:
  --server URL           address of CATMAID                     CATMAID_URL
  --project ID           ID of the project                      CATMAID_PROJECT
  --stack ID             ID of the stack
  --timeout SECONDS      limit for one request; default 10, and 30 for the stack info

${credentialHelp}

${requestHelp}`;

/** A stack info, and the CATMAID that it came from, if any. */
export interface StackSource {
  /** The stack info, not checked yet. */
  readonly info: unknown;
  /** Where the stack info came from, for messages. */
  readonly place: string;
  /** A client for CATMAID, if its address is known. */
  readonly client: CatmaidClient | undefined;
  /** URL that the stack info came from, or URL of CATMAID. The headers of `--header` are sent to its origin. */
  readonly url: string | undefined;
}

/** Reads or fetches the stack info that the command line names. */
export async function readStackInfo(args: Arguments, context: CommandContext): Promise<StackSource> {
  const [given, ...more] = args.positionals;
  const source = given && withScheme(given);
  if (more.length > 0) throw new UsageError(`one stack is enough: what is "${shownSource(more[0] ?? "")}"?`);
  const { signal } = context;
  const stackId = args.text("stack");
  if (source === undefined) {
    const client = serverClient(args, context);
    if (client === undefined)
      throw new UsageError("which stack? Give a stack info, or --server, --project and --stack");
    if (client.projectId === "") throw new UsageError("--server also needs --project");
    if (stackId === undefined) throw new UsageError("--server also needs --stack");
    return fetchStackInfo(client, client.projectId, stackId, signal);
  }
  if (stackId !== undefined)
    throw new UsageError(`the stack is given twice: as "${shownSource(source)}" and by --stack`);
  const scheme = /^([a-z][a-z0-9+.-]*:)\/\//i.exec(source)?.[1]?.toLowerCase();
  if (scheme === "http:" || scheme === "https:") return readStackUrl(source, args, context);
  if (scheme !== undefined) {
    throw new UsageError(
      `a stack info is had by http: or https:, not by "${scheme}": check the URL, or give a file`,
    );
  }
  const client = serverClient(args, context);
  const place = source === "-" ? "standard input" : `"${shownSource(source)}"`;
  return { info: parseJson(await readBytes(source), place), place, client, url: client?.baseUrl };
}

/** The client for `--server` or `CATMAID_URL`; `undefined` if neither is given. */
export function serverClient(args: Arguments, context: CommandContext): CatmaidClient | undefined {
  const server = args.text("server") ?? (context.env.CATMAID_URL || undefined);
  if (server === undefined) return undefined;
  const baseUrl = withScheme(server);
  const projectId = args.text("project") ?? (context.env.CATMAID_PROJECT?.trim() || undefined);
  return makeClient(baseUrl, projectId, args, context);
}

/** Makes a fetcher for the stack of a source. With `threads` 0 it has no workers. */
export function openFetcher(
  source: StackSource,
  args: Arguments,
  context: CommandContext,
  options: ImageFetcherOptions<DataType> = {},
  threads?: number,
): { readonly fetcher: ImageFetcher<DataType>; readonly stack: ProjectStack } {
  const { client, url } = source;
  const isQuiet = args.has("quiet");
  const stack = stackOf(source);
  const timeoutMs = timeoutOf(args);
  const missingStatuses = missingStatusesOf(args);
  const start = firstMirror(stack, options.preferredMirror);
  const ownsTiles = url === undefined || new URL(url).origin === start?.origin;
  const headers = { ...(ownsTiles && headersOf(args, "header")), ...headersOf(args, "mirror-header") };
  const common = {
    ...options,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(missingStatuses === undefined ? {} : { missingStatuses }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    onWarning: (message: string) => {
      if (!isQuiet) context.terminal.warn(messageText(message));
    },
  };
  checkMirror(options.preferredMirror, stack);
  const origin = client === undefined ? undefined : new URL(client.baseUrl).origin;
  for (const mirror of stack.mirrors) {
    // CATMAID's credentials are also used for tiles from its origin, and for no other origin.
    if (client !== undefined && mirror.origin === origin) mirror.auth ??= client.auth;
  }
  const fetcher =
    threads === 0
      ? new ImageFetcher(stack, common)
      : new ThreadedImageFetcher(stack, threads === undefined ? common : { ...common, threads });
  const auth = mirrorCredentials(args, context.env);
  if (auth !== undefined) {
    const chosen = fetcher.mirror.origin;
    for (const mirror of stack.mirrors) if (mirror.origin === chosen) mirror.auth = auth;
  }
  return { fetcher, stack };
}

/** Reads a stack info. The error for one that cannot be read says where it came from. */
function stackOf({ info, place, client }: StackSource): ProjectStack {
  try {
    return ProjectStack.fromStackInfo(info, client === undefined ? {} : { catmaidUrl: client.baseUrl });
  } catch (error) {
    if (!isCatmaidImageError(error) || error.code !== "invalid-stack") throw error;
    throw new InvalidStackError(`${place}: ${error.message}`);
  }
}

/** The mirror that a fetcher starts with. */
function firstMirror(
  stack: ProjectStack,
  preferred: ImageFetcherOptions["preferredMirror"],
): StackMirror | undefined {
  return preferred === undefined
    ? stack.mirrors.find(({ isSupported }) => isSupported)
    : stack.mirrorAt(preferred);
}

/** Throws if the stack lacks the mirror that the command line names. (The library would warn and take another mirror.) */
function checkMirror(wanted: ImageFetcherOptions["preferredMirror"], stack: ProjectStack): void {
  if (wanted === undefined || stack.mirrorAt(wanted) !== undefined) return;
  const known = stack.mirrors.map(({ position, title }) => `${position} ${JSON.stringify(title)}`).join(", ");
  throw new UsageError(`the stack has no mirror ${JSON.stringify(wanted)}: it has ${known || "none"}`);
}

/** Reads `--timeout`, and returns milliseconds. */
function timeoutOf(args: Arguments): number | undefined {
  const seconds = args.number("timeout", 0.001, 86_400);
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Makes a client for CATMAID, with the credentials from the command line or the environment. */
export function makeClient(
  baseUrl: string,
  projectId: string | undefined,
  args: Arguments,
  { env }: CommandContext,
): CatmaidClient {
  const timeoutMs = timeoutOf(args);
  return new CatmaidClient({
    baseUrl,
    ...(projectId === undefined ? {} : { projectId }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    headers: headersOf(args, "header"),
    ...catmaidCredentials(args, env),
  });
}

async function readStackUrl(source: string, args: Arguments, context: CommandContext): Promise<StackSource> {
  const { signal } = context;
  checkStackUrl(source);
  const address = stackAddress(source);
  if (address !== undefined) {
    const { baseUrl, projectId, stackId } = address;
    const client = makeClient(baseUrl, projectId, args, context);
    return fetchStackInfo(client, projectId, stackId, signal);
  }
  const cut = source.lastIndexOf("/", source.search(/[?#]|$/)) + 1;
  const file = makeClient(source.slice(0, cut), undefined, args, context);
  const info = await file.get(source.slice(cut), {}, { signal });
  return { info, place: shownUrl(source), client: serverClient(args, context), url: file.baseUrl };
}

async function fetchStackInfo(
  client: CatmaidClient,
  projectId: number | string,
  stackId: string,
  signal: AbortSignal,
): Promise<StackSource> {
  const path = [projectId, "stack", stackId, "info"];
  const url = client.baseUrl;
  return { info: await client.get(path, {}, { signal }), place: `${url}${path.join("/")}`, client, url };
}

/** Throws if a URL cannot be that of a stack info. */
function checkStackUrl(source: string): void {
  let url: URL;
  try {
    url = new URL(source);
  } catch {
    throw new UsageError(
      "the URL of the stack info has no host that could be asked: it should be like https://example.org/catmaid/1/stack/2/info",
    );
  }
  if (url.pathname !== "/" || url.search !== "") return;
  throw new UsageError(
    `${url.origin} is the address of a server, not of a stack info: give it as --server, with --project and --stack`,
  );
}

async function readBytes(path: string): Promise<Uint8Array> {
  if (path === "-") return readAll(process.stdin);
  try {
    return await readFile(path);
  } catch (error) {
    if (looksLikeAddress(path)) {
      throw new UsageError(
        `there is no file "${shownSource(path)}": if it is an address, put https:// before it`,
      );
    }
    throw fileTrouble("read", shownSource(path), error);
  }
}

function parseJson(bytes: Uint8Array, place: string): unknown {
  const decoder = jsonDecoder(bytes);
  const text = decoder.decode(bytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (text.trim() === "") throw new UsageError(`${place} is empty: there is no stack info in it`);
    const fault = jsonFault(text);
    if (fault !== undefined) throw new UsageError(`${place} ${fault}`);
    const content = contentName(decoder.encoding === "utf-8" ? latin1(bytes) : text.slice(0, 1000));
    const found = content === "JSON" ? "no whole JSON" : `${content}, no JSON`;
    throw new UsageError(
      `${place} holds ${found}: a stack info is what CATMAID answers at PROJECT/stack/STACK/info`,
    );
  }
}

/** A word for a message, without passwords. Words that are not valid URLs may contain a password too. */
function shownSource(source: string): string {
  return shownUrl(source).replace(/^[^@]*:.*@/s, "…@");
}
