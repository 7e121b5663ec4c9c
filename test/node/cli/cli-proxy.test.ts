/** Proxies of the environment: all requests of Node go by them, those for stack infos as those for tiles. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";
import { runCli } from "../../support/programs/run-cli.js";
import { startProxy } from "../../support/servers/proxy-server.js";
import { serve } from "../../support/servers/serve.js";

const certificate = fileURLToPath(new URL("../../fixtures/tls/self-signed.pem", import.meta.url));
const tile = encodeGreyPng(new Uint8Array(32 * 32).fill(99), 32, 32);

function answerOf(path: string, imageBase: string): string | Uint8Array {
  if (!path.endsWith("/info")) return tile;
  const size = { tile_width: 32, tile_height: 32, tile_source_type: 1, file_extension: "png" };
  return JSON.stringify({
    dimension: { x: 64, y: 64, z: 1 },
    resolution: { x: 1, y: 1, z: 1 },
    num_zoom_levels: 0,
    mirrors: [{ title: "m", position: 0, image_base: imageBase, ...size }],
  });
}

/** A CATMAID with tiles, by http or https; both say what reached them. */
async function serveStack(scheme: "http" | "https") {
  const seen: { path: string; headers: NodeJS.Dict<string | string[]> }[] = [];
  let url = "";
  const handle: Parameters<typeof serve>[0] = (request, response) => {
    seen.push({ path: request.url ?? "", headers: request.headers });
    response.end(answerOf(request.url ?? "", `${url}t//`));
  };
  if (scheme === "http") url = await serve(handle);
  else {
    const pem = readFileSync(certificate);
    const server = createServer({ key: pem, cert: pem }, handle);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }
  return { url, seen };
}

async function get(url: string, env: Record<string, string>, threads = "2") {
  const folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const words = ["get", `${url}1/stack/1/info`, "--roi", "all", "-o", join(folder, "volume.npy"), "--json"];
  return runCli([...words, "--threads", threads, "--attempts", "1", "--quiet"], {
    env: { NODE_EXTRA_CA_CERTS: certificate, ...env },
  });
}

const tilePaths = ["0/0_0_0", "0/0_1_0", "0/1_0_0", "0/1_1_0"].map((path) => `t//${path}.png`);

test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY"])(
  "info and tiles by http go by the proxy of %s, whole",
  async (name) => {
    const [stack, proxy] = [await serveStack("http"), await startProxy()];
    expect(await get(stack.url, { [name]: proxy.url })).toMatchObject({ code: 0, stderr: "" });
    const asked = ["1/stack/1/info", ...tilePaths].map((path) => `GET ${stack.url}${path}`);
    expect([...proxy.asked].sort()).toEqual(asked.sort());
    expect(stack.seen).toHaveLength(5);
  },
);

test.each(["0", "2"])("with %s threads, and those by https go through its tunnels", async (threads) => {
  const [stack, proxy] = [await serveStack("https"), await startProxy("user:s%cret")];
  const { host } = new URL(stack.url);
  const env = { https_proxy: proxy.url.replace("//", "//user:s%25cret@") };
  expect(await get(stack.url, env, threads)).toMatchObject({ code: 0, stderr: "" });
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${host}`]));
  expect(stack.seen).toHaveLength(5);
  for (const { headers } of stack.seen) expect(headers).not.toHaveProperty("proxy-authorization");
});

test("a proxy without a scheme is a plain one", async () => {
  const [stack, proxy] = [await serveStack("https"), await startProxy()];
  const result = await get(stack.url, { HTTPS_PROXY: proxy.url.replace("http://", "") });
  expect(result).toMatchObject({ code: 0, stderr: "" });
  expect(proxy.asked.length).toBeGreaterThan(0);
});

test.each([
  ["NO_PROXY", "127.0.0.1"],
  ["no_proxy", "example.org, 127.0.0.1"],
  ["NO_PROXY", "*"],
])("%s=%s is for both, as is NODE_USE_ENV_PROXY=1", async (name, value) => {
  const [stack, proxy] = [await serveStack("http"), await startProxy()];
  const env = { HTTP_PROXY: proxy.url, [name]: value, NODE_USE_ENV_PROXY: "1" };
  expect(await get(stack.url, env)).toMatchObject({ code: 0, stderr: "" });
  expect(proxy.asked).toEqual([]);
  expect(stack.seen).toHaveLength(5);
});

test.each(["http", "https"] as const)(
  "what a proxy refuses by %s is told without its credentials",
  async (scheme) => {
    const [stack, proxy] = [await serveStack(scheme), await startProxy("user:right")];
    const env = { [`${scheme.toUpperCase()}_PROXY`]: proxy.url.replace("//", "//user:wrong-secret@") };
    const { code, stderr } = await get(stack.url, env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/407/);
    expect(stderr).not.toContain("wrong-secret");
    expect(stack.seen).toEqual([]);
  },
);

test("a proxy that nobody answers at is named, and one that is none is not shown", async () => {
  const stack = await serveStack("http");
  const dead = await get(stack.url, { HTTP_PROXY: "http://user:secret@127.0.0.1:9" });
  expect(dead.stderr).toContain("connection refused (ECONNREFUSED) (by the proxy http://127.0.0.1:9)");
  expect(dead.stderr).not.toContain("secret");
  const socks = await get(stack.url, { ALL_PROXY: "socks5://user:secret@127.0.0.1:9" });
  expect(socks.stderr).toMatch(/names a proxy that is no http or https URL/);
  expect(socks.stderr).not.toContain("secret");
});

test("the sample of quickstart needs no proxy", async () => {
  const folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = { HTTP_PROXY: "http://127.0.0.1:9", http_proxy: "http://127.0.0.1:9" };
  expect(await runCli(["quickstart", join(folder, "q")], { env })).toMatchObject({ code: 0 });
});
