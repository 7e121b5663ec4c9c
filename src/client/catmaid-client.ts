import { platformApiTransport } from "#platform-api-transport";
import { InvalidOptionError } from "../errors.js";
import { checkSignal, duration, functionOrNone, refuseUnknown } from "../options/check-option.js";
import { type Auth, authHeaders, checkAuth } from "../stack/mirror/auth.js";
import { checkHeaders, joinedHeaders } from "../stack/mirror/request-headers.js";
import { apiAnswer } from "./api-answer.js";
import { type ApiTransport, createApiTransport } from "./api-transport.js";
import { type ApiParams, apiUrl, checkBaseUrl } from "./api-url.js";
import { fetchWithin } from "./fetch-within.js";

/** Options of a {@link CatmaidClient}. */
export interface CatmaidClientOptions {
  /**
   * URL of CATMAID, with its sub-directory if it has one: `"https://example.org/catmaid/"`. A user and password in
   * it become HTTP Basic credentials.
   */
  readonly baseUrl: string;
  /** The project to look for stacks in. */
  readonly projectId?: number | string;
  /** CATMAID API token; sent as `X-Authorization`, so that it goes together with HTTP Basic. */
  readonly token?: string;
  /** Credentials of the web server in front of CATMAID; `{ token }` is the same as `token`. */
  readonly auth?: Auth;
  /**
   * Headers of the requests, by name. Like credentials, which override them, they go to CATMAID's origin alone. In a
   * browser some cannot be set, such as `User-Agent`, and the server must allow the others by CORS. Node sends a
   * `User-Agent` of the library.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes the requests. Default: `fetch` in browsers; in Node sockets, by way of the environment's proxies. */
  readonly fetch?: typeof globalThis.fetch;
  /** Limit for one request, credentials and body included, in ms; at most 2 147 483 647. Default: 30 000. */
  readonly timeoutMs?: number;
}

/** Options of one request. */
export interface CatmaidRequestOptions {
  /** Aborts the request; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * How CATMAID's own front-end describes a server: a `CATMAID.API`, which has the names in camel case, or an entry of the
 * settings' `remote_servers`, which has them in snake case.
 */
export interface CatmaidApiLike {
  /** URL of CATMAID. CATMAID's local API has none, and its place is `CATMAID.backendURL`. */
  readonly url: string;
  /** API token; none if empty. */
  readonly apiKey?: string | null | undefined;
  /** User for HTTP Basic; none if empty. */
  readonly httpAuthUser?: string | null | undefined;
  /** Password for HTTP Basic. */
  readonly httpAuthPass?: string | null | undefined;
  /** As `apiKey`. */
  readonly api_key?: string | null | undefined;
  /** As `httpAuthUser`. */
  readonly http_auth_user?: string | null | undefined;
  /** As `httpAuthPass`. */
  readonly http_auth_pass?: string | null | undefined;
}

/** How catpy keeps credentials in a JSON file. */
export interface CatpyCredentials {
  /** URL of CATMAID. */
  readonly base_url: string;
  /** API token. */
  readonly token?: string | null;
  /** User for HTTP Basic. */
  readonly auth_name?: string | null;
  /** Password for HTTP Basic. */
  readonly auth_pass?: string | null;
  /** Project to look for stacks in. */
  readonly project_id?: number | string | null;
}

const optionNames: ReadonlySet<string> = new Set([
  "baseUrl",
  "projectId",
  "token",
  "auth",
  "headers",
  "fetch",
  "timeoutMs",
]);

const requestOptionNames: ReadonlySet<string> = new Set(["signal"]);

/**
 * Reads from a CATMAID server. Credentials go to that server's origin alone, and appear neither in errors nor when
 * the client is printed.
 *
 * @example
 * ```ts
 * const client = new CatmaidClient({ baseUrl: "https://example.org/catmaid/", projectId: 1, token });
 * const fetcher = await ImageFetcher.fromCatmaid(client, 2);
 * ```
 */
export class CatmaidClient {
  /** URL of CATMAID, with a slash at its end and without credentials. */
  readonly baseUrl: string;
  /** The project to look for stacks in; the empty text where none was given. */
  readonly projectId: number | string;
  readonly #headers: () => Promise<Record<string, string>>;
  readonly #sendsToken: boolean;
  readonly #transport: ApiTransport;
  readonly #timeoutMs: number;

  /** Makes no request. Throws an `InvalidOptionError` for invalid options. */
  constructor(options: CatmaidClientOptions) {
    refuseUnknown(options, optionNames, "CatmaidClient");
    const { url, auth: authOfUrl } = checkBaseUrl(options.baseUrl);
    const { projectId, token, timeoutMs = 30_000 } = options;
    const auth = options.auth ?? authOfUrl;
    checkAuth(auth);
    if (token !== undefined && typeof token !== "string") throw new InvalidOptionError("token must be text");
    this.baseUrl = url;
    this.projectId = projectId ?? "";
    this.#timeoutMs = duration("timeoutMs", timeoutMs);
    const fetch = functionOrNone("fetch", options.fetch);
    this.#transport = fetch === undefined ? platformApiTransport : createApiTransport(fetch);
    this.#sendsToken = token !== undefined || (typeof auth === "object" && "token" in auth);
    const headers = checkHeaders(options.headers ?? {}, "headers");
    const tokenAuth = token === undefined ? undefined : { token };
    this.#headers = async () => ({
      ...joinedHeaders(headers, {
        ...(await authHeaders(auth, "X-Authorization")),
        ...(await authHeaders(tokenAuth, "X-Authorization")),
      }),
    });
  }

  /**
   * Makes a client from a `CATMAID.API` object or from a remote server in CATMAID's settings.
   *
   * @throws InvalidOptionError if it has no URL, like CATMAID's local API.
   */
  static fromApi(api: CatmaidApiLike, options: Omit<CatmaidClientOptions, "baseUrl"> = {}): CatmaidClient {
    if (!api.url) {
      throw new InvalidOptionError(
        "there is no url; CATMAID's local API has none: use new CatmaidClient({ baseUrl: CATMAID.backendURL })",
      );
    }
    const token = api.apiKey || api.api_key;
    const user = api.httpAuthUser || api.http_auth_user;
    const password = api.httpAuthPass || api.http_auth_pass;
    return new CatmaidClient({
      baseUrl: api.url,
      ...(token ? { token } : {}),
      // Like CATMAID itself, takes either of the two alone.
      ...(user || password ? { auth: [user || "", password || ""] as const } : {}),
      ...options,
    });
  }

  /** Makes a client from the credentials that catpy reads from a JSON file. */
  static fromCatpy(credentials: CatpyCredentials): CatmaidClient {
    if (typeof credentials !== "object" || credentials === null) {
      throw new InvalidOptionError(
        "fromCatpy takes what catpy's JSON file holds, { base_url, … }, not its path",
      );
    }
    const { base_url, token, auth_name, auth_pass, project_id } = credentials;
    const api = {
      url: base_url,
      apiKey: token ?? null,
      httpAuthUser: auth_name ?? null,
      httpAuthPass: auth_pass ?? null,
    };
    return CatmaidClient.fromApi(api, project_id == null ? {} : { projectId: project_id });
  }

  /** The credentials, as headers, for mirrors that CATMAID itself serves. Not shown when the client is printed. */
  get auth(): Auth {
    return this.#headers;
  }

  /**
   * Gets the JSON at a path below {@link CatmaidClient.baseUrl}. The path is a text that is used as it stands
   * (`"1/stacks"`), or parts that are escaped and joined (`[1, "stack", 2, "info"]`).
   *
   * @throws CatmaidApiError - The server cannot be reached, answers with an error (by status, or in a body of status
   * 200 as servers before 2020 do), with something that is no JSON, or with more than 64 MiB.
   */
  async get(
    path: string | readonly (string | number)[],
    params?: ApiParams,
    options: CatmaidRequestOptions = {},
  ): Promise<unknown> {
    const url = apiUrl(this.baseUrl, path, params);
    refuseUnknown(options, requestOptionNames, "CatmaidClient.get");
    const { signal } = options;
    checkSignal(signal);
    const request = { url, makeHeaders: this.#headers, timeoutMs: this.#timeoutMs, signal };
    const response = await fetchWithin(this.#transport, request);
    return apiAnswer({ url, ...response, sentToken: this.#sendsToken });
  }

  /** What `JSON.stringify` shows: no credentials. */
  toJSON(): { baseUrl: string; projectId: number | string } {
    return { baseUrl: this.baseUrl, projectId: this.projectId };
  }
}
