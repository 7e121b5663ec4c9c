import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer, get } from "node:https";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { TileFetchError } from "../../../src/errors.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { fetcherKinds, openFetcher } from "../../support/fetching/open-fetcher.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";

afterAll(closeSharedPools);

const pem = readFileSync(new URL("../../fixtures/tls/self-signed.pem", import.meta.url));
const secret = "very-secret";

/** A server with a certificate that nobody trusts. */
async function serveUntrusted() {
  const seen = { connections: 0, paths: [] as (string | undefined)[] };
  const server = createServer({ key: pem, cert: pem }, ({ url }, response) => {
    seen.paths.push(url);
    response.writeHead(404).end();
  });
  server.on("connection", () => seen.connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test.each(fetcherKinds)(
  "%s: to a server whose certificate is not trusted no request goes, and the error says so",
  async (_name, make) => {
    const { origin, seen } = await serveUntrusted();
    const { fetcher } = await openFetcher(make, {
      options: { auth: { token: secret } },
      info: ({ stack }) => modelStackInfo(stack, [`${origin}/a/`]),
    });
    const fetching = fetcher.get([
      [0, 0, 0],
      [1, 10, 10],
    ]);
    const error: unknown = await fetching.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TileFetchError);
    expect(error).toMatchObject({
      code: "tile-fetch",
      reason: "network",
      status: 0,
      attempts: 3,
      url: `${origin}/a/0/0_0_0.png`,
      message: expect.stringMatching(
        /failed: self-signed certificate \(to trust it, set NODE_EXTRA_CA_CERTS to the file of the certificate/,
      ),
    });
    for (const text of [
      String(error),
      inspect(error, { depth: 20, showHidden: true }),
      JSON.stringify(error),
    ])
      expect(text).not.toContain(secret);
    expect(seen).toEqual({ connections: 3, paths: [] });

    // It was the certificate: who trusts it gets an answer.
    const [response] = await once(get(`${origin}/trusted`, { ca: pem, agent: false }), "response");
    response.resume();
    expect(response.statusCode).toBe(404);
    expect(seen).toEqual({ connections: 4, paths: ["/trusted"] });
  },
);

test.each(fetcherKinds)(
  "%s: an https address of a server without TLS is said to be that",
  async (_name, make) => {
    const server = createPlainServer((_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { fetcher } = await openFetcher(make, {
      info: ({ stack }) =>
        modelStackInfo(stack, [`https://127.0.0.1:${(server.address() as AddressInfo).port}/a/`]),
    });
    const roi = [
      [0, 0, 0],
      [1, 10, 10],
    ];
    await expect(fetcher.get(roi)).rejects.toMatchObject({
      reason: "network",
      message: expect.stringMatching(
        /failed: the server does not answer in TLS as it should: wrong version number; try http:\/\/ in its address \(3 attempts\)$/,
      ),
    });
  },
);
