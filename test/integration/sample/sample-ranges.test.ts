import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { sampleStack } from "../../../src/sample/sample-stack.js";
import { fileAt } from "../../support/blocks/read-block-volume.js";

const stacks = [sampleStack({ dimension: { x: 231, y: 103, z: 25 } })];

let server: SampleServer;
beforeAll(async () => {
  server = await startSampleServer({ stacks });
});
afterAll(() => server.close());

describe("ranges of the sample server's files", () => {
  const path = "tiles/1/sharded/4_4_40/0.shard";
  const part = (range: string, method = "GET") =>
    fetch(server.url + path, { method, headers: { Range: range } });

  it("are 206 with the bytes that were asked for, of a shard that is made once", async () => {
    const own = await startSampleServer({ stacks });
    const all = new Uint8Array(await (await fetch(own.url + path)).arrayBuffer());
    const size = all.length;
    for (const [range, first, end] of [
      ["bytes=0-31", 0, 32],
      ["bytes=100-100", 100, 101],
      [`bytes=${size - 5}-`, size - 5, size],
      [`bytes=${size - 5}-${size + 90}`, size - 5, size],
      ["bytes=-7", size - 7, size],
      [`bytes=-${2 * size}`, 0, size],
    ] as const) {
      const response = await fetch(own.url + path, { headers: { Range: range } });
      expect(response.status).toBe(206);
      expect(response.headers.get("Content-Range")).toBe(`bytes ${first}-${end - 1}/${size}`);
      expect(response.headers.get("Content-Length")).toBe(String(end - first));
      expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), all.subarray(first, end))).toBe(0);
    }
    expect(own.counts).toMatchObject({ tilesDrawn: 1, tilesServed: 7 });
    await own.close();
  });

  it.each(["bytes=99999999-", "bytes=99999999-100000000", "bytes=-0"])(
    "beyond the end are 416: %s",
    async (range) => {
      const response = await part(range);
      await response.text();
      expect(response.status).toBe(416);
      const size = (await fileAt(server.url + path)).length;
      expect(response.headers.get("Content-Range")).toBe(`bytes */${size}`);
    },
  );

  it.each(["bytes=5-4", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes"])(
    "that HTTP lets a server pass over are: %s",
    async (range) => {
      const response = await part(range);
      expect(response.status).toBe(200);
      expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), await fileAt(server.url + path))).toBe(
        0,
      );
    },
  );

  it("are open to other origins, and none of HEAD", async () => {
    const response = await part("bytes=0-1");
    await response.arrayBuffer();
    expect(response.headers.get("Access-Control-Expose-Headers")).toMatch(/Content-Range/);
    expect(response.headers.get("Accept-Ranges")).toBe("bytes");
    const preflight = await fetch(server.url + path, { method: "OPTIONS" });
    expect(preflight.headers.get("Access-Control-Allow-Headers")).toMatch(/Range/);
    const head = await part("bytes=0-1", "HEAD");
    expect(head.status).toBe(200);
    expect(head.headers.get("Content-Length")).toBe(String((await fileAt(server.url + path)).length));
  });
});
