/** What servers write into Content-Encoding, and what it is taken for. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { CatmaidClient } from "../../../src/client/catmaid-client.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { fetcherKinds, promptRetry } from "../../support/fetching/open-fetcher.js";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";
import { answer, serve } from "../../support/servers/serve.js";

afterAll(closeSharedPools);

const png = encodeGreyPng(new Uint8Array(32 * 32).fill(99), 32, 32);

/** Opens a fetcher for a server that sends one file with one header. */
async function openEncoded(
  make: (typeof fetcherKinds)[number][1],
  encoding: string | string[],
  body: Uint8Array,
) {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked++;
    response.writeHead(200, { "Content-Type": "image/png", "Content-Encoding": encoding }).end(body);
  });
  const size = { tile_width: 32, tile_height: 32, tile_source_type: 1, file_extension: "png" };
  const info = {
    dimension: { x: 32, y: 32, z: 1 },
    resolution: { x: 1, y: 1, z: 1 },
    mirrors: [{ title: "m", position: 0, image_base: url, ...size }],
  };
  const fetcher = make(info, { retry: promptRetry });
  onTestFinished(() => fetcher.close());
  const get = () =>
    fetcher.getStackSpace([
      [0, 0, 0],
      [1, 32, 32],
    ]);
  return { get, asked: () => asked };
}

const twice = gzipSync(gzipSync(png));
const readable: readonly (readonly [encoding: string | string[], body: Uint8Array])[] = [
  ["", png],
  ["none", png],
  ["NONE", png],
  ["utf-8", png],
  ["aws-chunked", png],
  ["binary, 8bit", png],
  ["identity", png],
  ["identity, identity", png],
  ["gzip", gzipSync(png)],
  ["x-gzip", gzipSync(png)],
  ["GZIP", gzipSync(png)],
  ["gzip, identity", gzipSync(png)],
  ["identity,gzip", gzipSync(png)],
  ["gzip,", gzipSync(png)],
  ["aws-chunked, gzip", gzipSync(png)],
  ["gzip, aws-chunked", gzipSync(png)],
  ["gzip, gzip", twice],
  [["gzip", "gzip"], twice],
  ["deflate, gzip", gzipSync(deflateSync(png))],
  ["gzip, br", brotliCompressSync(gzipSync(png))],
  ["br", brotliCompressSync(png)],
  ["deflate", deflateSync(png)],
  ["deflate", deflateRawSync(png)],
  ["deflate", deflateRawSync(png, { level: 0 })],
];

describe.each(fetcherKinds)("%s", (_name, make) => {
  test.each(readable)("reads an image sent with the Content-Encoding %j", async (encoding, body) => {
    const { get, asked } = await openEncoded(make, encoding, body);
    const { data, report } = await get();
    expect(data.every((voxel) => voxel === 99)).toBe(true);
    expect(report.filled).toEqual([]);
    expect(asked()).toBe(1);
  });

  test.each([
    ["an unknown one that was not in vain", "zstd", Buffer.from("(\u00b5/\u00fd no image"), '"zstd"'],
    ["half of one", "gzip", gzipSync(png).subarray(0, 40), 'damaged Content-Encoding ("gzip")'],
    ["one that was not applied", "br, gzip", gzipSync(png), 'damaged Content-Encoding ("br")'],
  ])("names a Content-Encoding that cannot be undone: %s", async (_what, encoding, body, shown) => {
    const { get } = await openEncoded(make, encoding, body);
    await expect(get()).rejects.toThrow(shown);
  });
});

test("CatmaidClient reads JSON with a Content-Encoding that is none, or raw deflate", async () => {
  const url = await serve((request, response) => {
    const encoding = request.url === "/none" ? "none" : "deflate";
    response.setHeader("Content-Encoding", encoding);
    if (encoding === "none") answer(200, [1])(request, response);
    else response.end(deflateRawSync("[1]"));
  });
  const client = new CatmaidClient({ baseUrl: url });
  expect(await client.get("none")).toEqual([1]);
  expect(await client.get("deflate")).toEqual([1]);
});
