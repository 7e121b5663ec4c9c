import { shownUrl } from "../../workers/transport/shown-url.js";
import { CatmaidApiError } from "../errors.js";
import { jsonFault } from "./json-fault.js";

/** An answer of CATMAID, and what was sent for it. */
export interface ApiAnswer {
  /** URL without credentials. */
  readonly url: string;
  /** HTTP status. */
  readonly status: number;
  /** The body, as text. */
  readonly body: string;
  /** The credentials that were sent, as headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a CATMAID token was among them. */
  readonly sentToken: boolean;
}

/** Parses an answer. Throws a {@link CatmaidApiError} for every form of CATMAID's errors, and if it is no JSON. */
export function apiAnswer(answer: ApiAnswer): unknown {
  const { status, body } = answer;
  const url = shownUrl(answer.url);
  const json = parse(body);
  const told = json === undefined ? undefined : errorIn(json, status);
  if (told !== undefined) {
    const type = told.type === undefined ? "" : `${told.type}, `;
    const message = sentence(withoutSecrets(told.message, answer.headers));
    throw failure(answer, `${url} answered: ${message} (${type}status ${status})`, told.type);
  }
  if (status < 200 || status > 299) {
    const page = json === undefined ? pageTitle(answer) : "";
    throw failure(
      answer,
      `${url} answered with status ${status}${page === "" ? "" : `: ${page}`}`,
      undefined,
    );
  }
  if (json === undefined) {
    const fault = jsonFault(body);
    if (fault !== undefined) throw failure(answer, `${url} answered with JSON that ${fault}`, undefined);
    const page = pageTitle(answer);
    const what =
      body.trim() === "" ? "an empty body" : `something that is no JSON${page === "" ? "" : ` (${page})`}`;
    throw failure(answer, `${url} answered with ${what}: is it the address of a CATMAID?`, undefined);
  }
  return json;
}

function failure(answer: ApiAnswer, message: string, type: string | undefined): CatmaidApiError {
  const { status, headers } = answer;
  const url = shownUrl(answer.url);
  const named = type === undefined ? {} : { type: withoutSecrets(type, headers) };
  return new CatmaidApiError(withoutSecrets(message, headers) + hint(answer, type), {
    url,
    status,
    ...named,
  });
}

/** Advice after a denial. To CATMAID the bearer of a wrong token is anonymous, and may then lack permission. */
function hint({ status, sentToken, headers }: ApiAnswer, type: string | undefined): string {
  if (status !== 401 && status !== 403 && type !== "PermissionError") return "";
  if (sentToken) return "; CATMAID takes a wrong token for an anonymous user, so check the token";
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  if (names.includes("authorization")) return "; check the user and the password";
  return names.length > 0 ? "; check the headers that were sent" : "; no credentials were sent";
}

/** Hides credentials that a server repeats. Call it before a text is shortened: a secret cut in two is not found. */
function withoutSecrets(message: string, headers: Readonly<Record<string, string>>): string {
  const secrets = Object.values(headers).flatMap((value) => [value, value.replace(/^\S+\s+/, "")]);
  // Shorter values are no secrets, and are parts of many words.
  const hidden = secrets.filter((secret) => secret.length >= 4);
  return hidden.reduce((text, secret) => text.replaceAll(secret, "…"), message);
}

function errorIn(json: unknown, status: number): { message: string; type: string | undefined } | undefined {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
  const { error, detail, type } = json as { error?: unknown; detail?: unknown; type?: unknown };
  const named = typeof type === "string" && type !== "" ? type : undefined;
  // Servers before 2020 report errors with status 200; `detail` is then a traceback.
  if (typeof error === "string")
    return { message: error === "" ? (named ?? "an error") : error, type: named };
  if (status < 400) return undefined;
  if (typeof detail === "string") return { message: detail, type: named };
  const fields = Object.entries(json).map(([name, value]) => `${name}: ${[value].flat().join(", ")}`);
  return { message: fields.length === 0 ? "an error without a word" : fields.join("; "), type: named };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function sentence(text: string): string {
  return shortened(text.trim().replace(/\s+/g, " ").replace(/\.$/, ""));
}

// The beginning says what a page is, and searching a long text for unclosed tags takes for ever.
const pageHead = 10_000;

/** The title or heading of an HTML page, the beginning of other text, or nothing if the body is no text. */
function pageTitle({ body, headers }: ApiAnswer): string {
  const head = withoutSecrets(body, headers).slice(0, pageHead);
  if (head.includes("\ufffd")) return "";
  const title = /<(title|h1)[^>]*>([^<]*)</i.exec(head)?.[2] ?? head.replace(/<[^>]*>/g, " ");
  return sentence(title);
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
