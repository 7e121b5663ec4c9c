import { inspect } from "node:util";
import { describe, expect, it, test } from "vitest";
import { CatmaidClient, type CatmaidClientOptions } from "../../../src/client/catmaid-client.js";
import { CatmaidApiError, isCatmaidImageError } from "../../../src/errors.js";
import { authHeaders } from "../../../src/stack/mirror/auth.js";
import { answer, type Handler, serve, stopServing } from "../../support/servers/serve.js";

async function failureOf(promise: Promise<unknown>): Promise<CatmaidApiError> {
  const error = await promise.then(
    (value) => {
      throw new Error(`resolved with ${JSON.stringify(value)}`);
    },
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CatmaidApiError);
  expect(isCatmaidImageError(error)).toBe(true);
  return error as CatmaidApiError;
}

const token = "0123456789abcdef0123456789abcdef01234567";

describe("CatmaidClient requests", () => {
  it("go below the base URL, whether or not it ends in a slash", async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url ?? "");
      response.end("{}");
    });
    await new CatmaidClient({ baseUrl: `${url}catmaid` }).get("1/stacks");
    await new CatmaidClient({ baseUrl: `${url}catmaid/?x=1#top` }).get("/1/stacks");
    await new CatmaidClient({ baseUrl: url }).get([1, "stack", "a/b c", "info"]);
    await new CatmaidClient({ baseUrl: url }).get("projects/", {
      has_tracing_data: true,
      ids: [3, "é"],
      no: undefined,
    });
    expect(asked).toEqual([
      "/catmaid/1/stacks",
      "/catmaid/1/stacks",
      "/1/stack/a%2Fb%20c/info",
      "/projects/?has_tracing_data=true&ids%5B0%5D=3&ids%5B1%5D=%C3%A9",
    ]);
  });

  it.each(["../admin", "https://example.org/1/stacks", "a/../../b", "%2e%2e/b"])(
    "never leave it: %s",
    async (path) => {
      const client = new CatmaidClient({ baseUrl: "http://127.0.0.1:9/catmaid/", token });
      await expect(client.get(path)).rejects.toMatchObject({
        code: "invalid-option",
        message: /must be relative/,
      });
    },
  );

  it("carry the token as X-Authorization and HTTP Basic beside it", async () => {
    const headers: Record<string, unknown>[] = [];
    const url = await serve((request, response) => {
      const { authorization, "x-authorization": extra } = request.headers;
      headers.push({ authorization, extra });
      response.end("{}");
    });
    const basic = `Basic ${Buffer.from("user:pässword").toString("base64")}`;
    const auth = ["user", "pässword"] as const;
    const variants: [CatmaidClientOptions, Record<string, unknown>][] = [
      [{ baseUrl: url }, {}],
      [{ baseUrl: url, token }, { extra: `Token ${token}` }],
      [{ baseUrl: url, auth: { token } }, { extra: `Token ${token}` }],
      [{ baseUrl: url, auth }, { authorization: basic }],
      [
        { baseUrl: url, auth, token },
        { authorization: basic, extra: `Token ${token}` },
      ],
      [{ baseUrl: url, auth: () => ({ Authorization: "Bearer 1" }) }, { authorization: "Bearer 1" }],
      [{ baseUrl: url.replace("//", "//user:p%C3%A4ssword@") }, { authorization: basic }],
      [
        { baseUrl: url.replace("//", "//user:100%@") },
        { authorization: `Basic ${Buffer.from("user:100%").toString("base64")}` },
      ],
    ];
    for (const [options] of variants) await new CatmaidClient(options).get("1/stacks");
    expect(headers).toEqual(variants.map(([, sent]) => sent));
  });
});

test.each(["utf8", "utf16le", "utf-16be"])(
  "JSON of %s is read, with a byte order mark and without",
  async (encoding) => {
    for (const mark of ["\ufeff", ""]) {
      const text = Buffer.from(`${mark}{"title": "Ωmega"}`, encoding === "utf8" ? "utf8" : "utf16le");
      const body = encoding === "utf-16be" ? text.swap16() : text;
      const baseUrl = await serve((_, response) => {
        response.write(body.subarray(0, 7));
        setImmediate(() => response.end(body.subarray(7)));
      });
      expect(await new CatmaidClient({ baseUrl }).get("stack.json")).toEqual({ title: "Ωmega" });
    }
  },
);

describe("CatmaidClient errors", () => {
  const failing = async (handler: Handler, options: Partial<CatmaidClientOptions> = {}) => {
    const baseUrl = await serve(handler);
    return failureOf(new CatmaidClient({ baseUrl, ...options }).get("1/stack/2/info"));
  };

  it("come by status", async () => {
    const body = {
      error: "No Stack matches the given query.",
      detail: "Traceback …",
      type: "Http404",
      meta: null,
    };
    const error = await failing(answer(404, body));
    expect(error).toMatchObject({ status: 404, type: "Http404" });
    expect(error.message).toBe(
      `${error.url} answered: No Stack matches the given query (Http404, status 404)`,
    );
    expect(error.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/1\/stack\/2\/info$/);
  });

  it("come in a body of status 200, as before 2020", async () => {
    const error = await failing(answer(200, { error: "no stack with ID 2 linked", detail: "Traceback" }));
    expect(error).toMatchObject({
      status: 200,
      type: undefined,
      message: /no stack with ID 2 linked \(status 200\)/,
    });
    expect((await failing(answer(200, { error: "", type: "ValueError" }))).message).toMatch(
      /answered: ValueError/,
    );
  });

  it("come as Django REST's detail and fields", async () => {
    expect((await failing(answer(401, { detail: "Invalid token." }), { token })).message).toMatch(
      /answered: Invalid token \(status 401\); CATMAID takes a wrong token for an anonymous user/,
    );
    expect((await failing(answer(400, { non_field_errors: ["Unable to log in."] }))).message).toMatch(
      /non_field_errors: Unable to log in \(status 400\)/,
    );
  });

  it("come as the pages of a web server", async () => {
    const page = "<html><head><title>502 Bad Gateway</title></head><body></body></html>";
    expect((await failing(answer(502, page, "text/html"))).message).toMatch(
      /with status 502: 502 Bad Gateway$/,
    );
    expect((await failing(answer(404, "<h1>Not Found</h1><p>…</p>", "text/html"))).message).toMatch(
      /with status 404: Not Found$/,
    );
    expect((await failing(answer(200, "<title>Welcome</title>", "text/html"))).message).toMatch(
      /something that is no JSON \(Welcome\): is it the address of a CATMAID\?$/,
    );
    expect((await failing(answer(200, ""))).message).toMatch(/answered with an empty body/);
  });

  it("name what keeps JSON from being it", async () => {
    const cases: [string, RegExp][] = [
      ['{"x": NaN}', /answered with JSON that has NaN or Infinity for a number/],
      ['[-Infinity, "NaN"]', /NaN or Infinity/],
      ['{"a": 1, // one\n"b": 2}', /has a comment/],
      ['{"a": [1, 2,]}', /has a comma before a closing bracket/],
      ['{"a": {"b": "NaN // ,}"}, "c', /breaks off before its end/],
      ['{"a": "NaN", b: 1}', /something that is no JSON \(\{"a": "NaN", b: 1\}\)/],
    ];
    for (const [body, message] of cases) expect((await failing(answer(200, body))).message).toMatch(message);
    const endless = `{"a": "${'\\"'.repeat(400_000)}`;
    expect((await failing(answer(200, `${endless}\\`))).message).toMatch(/breaks off/);
    expect((await failing(answer(200, `{"a": "${"x".repeat(5_000_000)}", }`))).message).toMatch(/no JSON/);
    const packed = await failing(
      (_, response) => void response.end(Buffer.from("1f8b0800000000000003", "hex")),
    );
    expect(packed.message).toMatch(/with something that is no JSON: is it/);
  });

  it("suspect the token when one was sent and permission was refused", async () => {
    const refusal = answer(403, { error: "AnonymousUser may not", type: "PermissionError" });
    expect((await failing(refusal, { token })).message).toMatch(/so check the token$/);
    expect((await failing(refusal)).message).toMatch(/; no credentials were sent$/);
    expect((await failing(refusal, { auth: ["u", "p"] })).message).toMatch(
      /; check the user and the password$/,
    );
    expect((await failing(answer(500, { error: "x", type: "DoesNotExist" }), { token })).message).not.toMatch(
      /token/,
    );
  });

  it("never hold credentials, even those that the server repeats", async () => {
    const echo: Handler = (request, response) => {
      response.statusCode = 403;
      response.end(
        JSON.stringify({ error: `refused: ${JSON.stringify(request.headers)}`, type: "ValueError" }),
      );
    };
    const secret = Buffer.from("user:secret").toString("base64");
    const error = await failing(echo, { token, auth: ["user", "secret"] });
    const baseUrl = "http://user:secret@127.0.0.1:9/";
    const unreachable = await failureOf(new CatmaidClient({ baseUrl, token }).get("x"));
    for (const text of [
      error.message,
      inspect(error),
      JSON.stringify(error),
      inspect(unreachable),
      unreachable.url,
    ]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain("secret");
      expect(text).not.toContain(secret);
    }
    expect(() => new CatmaidClient({ baseUrl: "htp:/user:secret@nowhere" })).toThrow(/http or https URL/);
    expect(() => new CatmaidClient({ baseUrl: "user:secret" })).toThrow(expect.not.stringMatching("secret"));
    const odd = new CatmaidClient({ baseUrl, token: `${token}→` });
    await expect(odd.get("x")).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.not.stringContaining(token),
    });
  });

  it("never hold a secret that a baseUrl or a path gave", async () => {
    // Without a scheme, what stands before the colon is taken for one.
    expect(() => new CatmaidClient({ baseUrl: "secret:x@example.org/" })).toThrow(
      expect.objectContaining({
        code: "invalid-option",
        message: 'baseUrl must be an http or https URL, such as "https://example.org/catmaid/"',
      }),
    );
    const page = "http://127.0.0.1:9/catmaid?token=secret#secret";
    const error = await failureOf(new CatmaidClient({ baseUrl: page }).get("x"));
    expect(inspect(error)).not.toContain("secret");
    for (const path of [
      "https://user:secret@example.org/1",
      "https://user:sec/secret@example.org/1",
      "user:secret@example.org/1",
      "ftp://secret@example.org/1",
      "../x?token=secret#secret",
    ]) {
      await expect(new CatmaidClient({ baseUrl: "http://127.0.0.1:9/c/" }).get(path)).rejects.toMatchObject({
        code: "invalid-option",
        message: expect.stringMatching(
          /^path must be relative to http:\/\/127\.0\.0\.1:9\/c\/, got "(?!.*secret)/,
        ),
      });
    }
  });

  it("never hold the rest of a secret that was cut off with the end of a long message", async () => {
    const long = "x".repeat(180);
    const told = answer(500, { error: `${long}${token}`, type: token });
    const page = answer(500, `<title>${long}${token}</title>`, "text/html");
    for (const handler of [told, page]) {
      const error = await failing(handler, { token });
      expect(error.message).toMatch(/xx…/);
      expect(inspect(error)).not.toContain(token.slice(0, 8));
    }
  });

  it("take no time over a long page of tags that do not end", async () => {
    const error = await failing(answer(200, "<title".repeat(500_000), "text/html"));
    expect(error.message).toMatch(/something that is no JSON/);
  });

  it("say that nobody listens, with status 0", async () => {
    const baseUrl = await serve(answer(200, {}));
    await stopServing(baseUrl);
    const error = await failureOf(new CatmaidClient({ baseUrl }).get("1/stacks"));
    expect(error.status).toBe(0);
    expect(error.message).toMatch(/could not be reached: .*ECONNREFUSED.*CORS.*connect-src/);
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it("say that no whole answer came in time", async () => {
    const error = await failing(
      (_, response) => {
        response.write("{");
      },
      { timeoutMs: 30 },
    );
    expect(error.message).toMatch(/did not answer within 30 ms$/);
  });
});

describe("CatmaidClient redirects", () => {
  it("within the server are followed with the credentials", async () => {
    const seen: unknown[] = [];
    const baseUrl = await serve((request, response) => {
      seen.push(request.headers["x-authorization"]);
      if (request.url === "/old/1/stacks") response.writeHead(301, { Location: "/new/1/stacks" }).end();
      else answer(200, [1])(request, response);
    });
    expect(await new CatmaidClient({ baseUrl: `${baseUrl}old`, token }).get("1/stacks")).toEqual([1]);
    expect(seen).toEqual([`Token ${token}`, `Token ${token}`]);
  });

  it("to another origin are followed without credentials only if there are none", async () => {
    const seen: unknown[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers["x-authorization"], request.headers.authorization);
      answer(200, "1")(request, response);
    });
    const baseUrl = await serve((_, response) => {
      response.writeHead(302, { Location: `${other}1/stacks` }).end();
    });
    expect(await new CatmaidClient({ baseUrl }).get("1/stacks")).toBe(1);
    expect(seen).toEqual([undefined, undefined]);
    const error = await failureOf(new CatmaidClient({ baseUrl, token, auth: ["u", "p"] }).get("1/stacks"));
    expect(error.message).toContain(
      `redirects to ${other.slice(0, -1)}, and credentials are not taken there`,
    );
    expect(seen).toHaveLength(2);
  });

  it("to the login page and in circles are errors", async () => {
    const baseUrl = await serve((request, response) => {
      const login = request.url?.startsWith("/login") === true;
      response.writeHead(302, { Location: login ? "/accounts/login?next=/login/x" : "/loop/x" }).end();
    });
    const login = new CatmaidClient({ baseUrl: `${baseUrl}login/`, token });
    expect((await failureOf(login.get("x"))).message).toMatch(/asks to log in/);
    const loop = new CatmaidClient({ baseUrl: `${baseUrl}loop/`, token });
    expect((await failureOf(loop.get("x"))).message).toMatch(/redirects more than 5 times/);
  });
});

describe("CatmaidClient", () => {
  it("rejects with the signal's reason, before and during a request", async () => {
    let arrived = () => {};
    const request = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const baseUrl = await serve(() => arrived());
    const client = new CatmaidClient({ baseUrl });
    const reason = { why: "enough" };
    await expect(client.get("x", {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const answered = client.get("x", {}, { signal: controller.signal });
    await request;
    controller.abort(reason);
    await expect(answered).rejects.toBe(reason);
  });

  it("shows no credentials when it is printed, and gives them to mirrors that CATMAID serves", async () => {
    const client = new CatmaidClient({
      baseUrl: "http://u:secret@127.0.0.1/c",
      token,
      auth: ["u", "p"],
      projectId: 1,
    });
    for (const text of [
      inspect(client, { depth: 9, showHidden: true }),
      JSON.stringify(client),
      String(client),
    ]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain("secret");
    }
    expect(JSON.parse(JSON.stringify(client))).toEqual({ baseUrl: "http://127.0.0.1/c/", projectId: 1 });
    expect(await authHeaders(client.auth, "Authorization")).toEqual({
      Authorization: `Basic ${btoa("u:p")}`,
      "X-Authorization": `Token ${token}`,
    });
  });

  it.each([
    [{ baseUrl: "file:///etc/passwd" }, /http or https URL, not file:/],
    [{ baseUrl: "" }, /baseUrl must be the URL of a CATMAID/],
    [{ baseUrl: "http://127.0.0.1/", tokens: "x" }, /"tokens" is no option of CatmaidClient/],
    [{ baseUrl: "http://127.0.0.1/", auth: "x" }, /auth must be/],
    [{ baseUrl: "http://127.0.0.1/", token: 5 }, /token must be text/],
    [{ baseUrl: "http://127.0.0.1/", timeoutMs: 0 }, /timeoutMs must be a time in ms from 1/],
  ])("refuses %j", (options, message) => {
    expect(() => new CatmaidClient(options as unknown as CatmaidClientOptions)).toThrow(message);
  });
});
