import { Buffer } from "node:buffer";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type {
  CatmaidApiLike,
  CatmaidClientOptions,
  CatpyCredentials,
} from "../../../src/client/catmaid-client.js";
import { CatmaidClient } from "../../../src/client/catmaid-client.js";
import { serve } from "../../support/servers/serve.js";

const token = "0123456789abcdef0123456789abcdef01234567";

describe("a server as CATMAID's front-end or catpy describes it is asked with its credentials:", () => {
  const basicOf = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  const basic = basicOf("u:p");

  it.each<[string, Partial<CatmaidApiLike> & object, (string | undefined)[]]>([
    [
      "a CATMAID.API",
      { apiKey: token, httpAuthUser: "u", httpAuthPass: "p", isLocal: false, name: "server" } as object,
      [basic, `Token ${token}`],
    ],
    [
      "a remote server of CATMAID's settings, in snake case",
      { id: 1, api_key: token, http_auth_user: "u", http_auth_pass: "p", type: "catmaid" } as object,
      [basic, `Token ${token}`],
    ],
    ["one with empty fields", { apiKey: "", httpAuthUser: "", httpAuthPass: "" }, []],
    ["one with empty fields in snake case", { api_key: "", http_auth_user: "", http_auth_pass: "" }, []],
    ["one with a token alone", { apiKey: undefined, api_key: token }, [undefined, `Token ${token}`]],
    ["one with a password alone", { httpAuthUser: undefined, http_auth_pass: "p" }, [basicOf(":p")]],
  ])("%s", async (_what, api, [authorization, xAuthorization]) => {
    const headers: unknown[] = [];
    const url = await serve((request, response) => {
      headers.push([request.headers.authorization, request.headers["x-authorization"]]);
      response.end("{}");
    });
    await CatmaidClient.fromApi({ url, ...api }).get("x");
    expect(headers).toEqual([[authorization, xAuthorization]]);
  });

  it("catpy's JSON", async () => {
    const headers: unknown[] = [];
    const url = await serve((request, response) => {
      headers.push([request.headers.authorization, request.headers["x-authorization"]]);
      response.end("{}");
    });
    const catpy = { base_url: url, token, auth_name: "u", auth_pass: "p", project_id: 7 };
    const client = CatmaidClient.fromCatpy(catpy);
    await client.get("x");
    expect(client.projectId).toBe(7);
    expect(headers).toEqual([[basic, `Token ${token}`]]);
  });
});

describe("what has no address is refused, and is not the page that asks:", () => {
  const inPage = (): void => {
    vi.stubGlobal("location", { href: "http://127.0.0.1/catmaid/" });
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
  };

  it.each([
    // As CATMAID makes its local API.
    { name: "This CATMAID", url: undefined, apiKey: undefined, isLocal: true },
    { name: "server", url: "", api_key: "x" },
    { url: null },
  ])("an API, with what to do instead: %j", (api) => {
    inPage();
    expect(() => CatmaidClient.fromApi(api as unknown as CatmaidApiLike)).toThrow(
      /there is no url.*baseUrl: CATMAID.backendURL/,
    );
  });

  it("catpy's JSON", () => {
    inPage();
    expect(() => CatmaidClient.fromCatpy({ token } as unknown as CatpyCredentials)).toThrow(
      /there is no url/,
    );
  });

  it.each([undefined, null, "", " ", {}, 5])("a client's baseUrl %j", (baseUrl) => {
    inPage();
    expect(() => new CatmaidClient({ baseUrl } as unknown as CatmaidClientOptions)).toThrow(
      /baseUrl must be the URL/,
    );
  });

  it("but a relative address is one, and so is a URL object", () => {
    inPage();
    expect(new CatmaidClient({ baseUrl: "sub/" }).baseUrl).toBe("http://127.0.0.1/catmaid/sub/");
    const baseUrl = new URL("http://127.0.0.1/x") as unknown as string;
    expect(new CatmaidClient({ baseUrl }).baseUrl).toBe("http://127.0.0.1/x/");
  });
});
