/** Headers besides those of credentials: the library's own name, and what a caller wants sent. */
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { CatmaidClient } from "../../../src/client/catmaid-client.js";
import { InvalidOptionError } from "../../../src/errors.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { fetcherKinds, promptRetry } from "../../support/fetching/open-fetcher.js";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";
import { answer, type Handler, serve } from "../../support/servers/serve.js";

afterAll(closeSharedPools);

const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
const png = encodeGreyPng(new Uint8Array(32 * 32).fill(99), 32, 32);
const secret = "very-secret";
const corner = [
  [0, 0, 0],
  [1, 1, 1],
] as const;

type Headers = Parameters<Handler>[0]["headers"];

/** A server of one tile that remembers what headers it got, or sends elsewhere. */
async function tileServer(elsewhere?: string) {
  const seen: Headers[] = [];
  const url = await serve((request, response) => {
    seen.push(request.headers);
    if (elsewhere === undefined) response.end(png);
    else response.writeHead(302, { Location: elsewhere }).end();
  });
  return { url, seen };
}

function stackInfo(...urls: readonly string[]) {
  const size = { tile_width: 32, tile_height: 32, tile_source_type: 1, file_extension: "png" };
  return {
    dimension: { x: 32, y: 32, z: 2 },
    resolution: { x: 1, y: 1, z: 1 },
    mirrors: urls.map((image_base, position) => ({ title: "m", position, image_base, ...size })),
  };
}

describe.each(fetcherKinds)("%s", (_name, make) => {
  const open = (info: unknown, options: Parameters<typeof make>[1]) => {
    const fetcher = make(info, { retry: promptRetry, ...options });
    onTestFinished(() => fetcher.close());
    return fetcher;
  };

  test("says who it is, unless it is told to say something else", async () => {
    const { url, seen } = await tileServer();
    await open(stackInfo(url), {}).get(corner);
    await open(stackInfo(url), { headers: { "user-agent": "lab/1" } }).get(corner);
    expect(seen.map((headers) => headers["user-agent"])).toEqual([`catmaid-image/${version}`, "lab/1"]);
  });

  test("sends headers to the origin of its mirror alone, and shows them nowhere", async () => {
    const [first, other] = [await tileServer(), await tileServer()];
    const headers = { "X-Api-Key": secret, Authorization: "under" };
    const fetcher = open(stackInfo(first.url, other.url), { headers, auth: ["user", "pass"] });
    await fetcher.get(corner);
    fetcher.mirror = 1;
    await fetcher.get(corner);
    expect(first.seen[0]).toMatchObject({
      "x-api-key": secret,
      authorization: expect.stringMatching(/^Basic /),
    });
    expect(other.seen[0]).not.toHaveProperty("x-api-key");
    expect(inspect(fetcher, { depth: 9 }) + JSON.stringify(fetcher)).not.toContain(secret);
  });

  test("does not take headers along to where a redirect leads", async () => {
    const end = await tileServer();
    const start = await tileServer(`${end.url}x`);
    await open(stackInfo(start.url), { headers: { "X-Api-Key": secret } }).get(corner);
    expect(start.seen[0]).toMatchObject({ "x-api-key": secret });
    expect(end.seen[0]).not.toHaveProperty("x-api-key");
  });

  test("never repeats them in an error", async () => {
    const url = await serve(answer(403, "no"));
    const fetcher = open(stackInfo(url), { headers: { "X-Api-Key": secret } });
    const error: unknown = await fetcher.get(corner).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 403, message: expect.stringContaining("headers that it wants") });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  });
});

describe("CatmaidClient", () => {
  test("says who it is, and sends headers to its origin alone", async () => {
    const seen: Headers[] = [];
    const baseUrl = await serve((request, response) => {
      seen.push(request.headers);
      answer(200, [1])(request, response);
    });
    const client = new CatmaidClient({
      baseUrl,
      token: "t",
      headers: { "x-authorization": "no", "X-A": secret },
    });
    await client.get("x");
    expect(seen[0]).toMatchObject({
      "user-agent": `catmaid-image/${version}`,
      "x-a": secret,
      "x-authorization": "Token t",
    });
    expect(inspect(client, { depth: 9 }) + JSON.stringify(client)).not.toContain(secret);
    const other = await tileServer();
    const away = await serve((_request, response) => {
      response.writeHead(302, { Location: other.url }).end();
    });
    const sent = new CatmaidClient({ baseUrl: away, headers: { "X-A": secret } }).get("x");
    await expect(sent).rejects.toThrow("credentials are not taken there");
    expect(other.seen).toEqual([]);
  });

  test.each([[{ "X A": "1" }], [{ "X-A": "a\r\nB: c" }], [{ "X-A": 5 }], [{ Upgrade: "h2c" }], ["X-A: 1"]])(
    "refuses the headers %j before the first request, and does not repeat their values",
    (headers) => {
      const make = () =>
        new CatmaidClient({
          baseUrl: "http://127.0.0.1:9/",
          headers: headers as unknown as Record<string, string>,
        });
      expect(make).toThrow(InvalidOptionError);
      expect(make).not.toThrow(/B: c/);
    },
  );
});
