import { describe, expect, test } from "vitest";
import type { BlockRequests } from "../../../src/source/block-requests.js";
import { haveSameOrigin, originOf } from "../../../src/source/mirror-origin.js";
import type { Auth } from "../../../src/stack/mirror/auth.js";
import type { StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { accessOf, blockOfTile, tileSourceOf } from "../../support/model/tile-sources.js";

function mirror(changes: Partial<StackMirrorOptions> = {}): StackMirror {
  return new StackMirror({
    imageBase: "https://host.example/tiles/",
    fileExtension: "png",
    tileWidth: 256,
    tileHeight: 192,
    tileSourceType: 1,
    ...changes,
  });
}

function requestsOf(of: StackMirror, auth?: Auth): Promise<BlockRequests> {
  return accessOf(() => ({ auth, timeoutMs: 1234 })).requests(tileSourceOf(of), () => true);
}

const { signal } = new AbortController();
const blockAt = (of: StackMirror, x = 300, y = 200, z = 5) =>
  blockOfTile(of.getTileIndex({ x, y, z }, 1).tileIndex);

describe("a request", () => {
  test("names the tile, its host and its place, and makes a job of all that a worker needs", async () => {
    const of = mirror();
    const request = (await requestsOf(of)).request(blockAt(of));
    expect(request).toMatchObject({
      origin: "https://host.example",
      position: "tile at section 5, row 1, column 1 of zoom level 1",
    });
    expect(await request.makeJob(signal))?.toEqual({
      url: "https://host.example/tiles/5/1_1_1.png",
      headers: {},
      codec: { kind: "image", transpose: false, dataType: "uint8", channel: "grey" },
      shape: [1, 192, 256],
      timeoutMs: 1234,
      missingStatuses: [404],
      returnsBody: false,
      maxBodyBytes: 1024 * 1024,
    });
  });

  test("lets large tiles have large bodies", async () => {
    const of = mirror({ tileWidth: 4096, tileHeight: 4096 });
    const job = await (await requestsOf(of)).request(blockAt(of)).makeJob(signal);
    expect(job?.maxBodyBytes).toBe(16 * 4096 * 4096);
  });

  test("says where tiles are transposed", async () => {
    const of = mirror({ tileSourceType: 8, orientation: "zy" });
    expect(await (await requestsOf(of)).request(blockAt(of)).makeJob(signal)).toMatchObject({
      codec: { transpose: true },
    });
  });
});

describe("keys", () => {
  test("tell mirrors and tiles apart, and are the same each time", async () => {
    const [a, b] = [mirror(), mirror()];
    const [first, again, other] = [await requestsOf(a), await requestsOf(a), await requestsOf(b)];
    expect(first.key(blockAt(a))).toBe(again.key(blockAt(a)));
    expect(first.key(blockAt(a))).not.toBe(other.key(blockAt(b)));
    expect(first.key(blockAt(a))).not.toBe(first.key(blockAt(a, 0)));
    expect(first.request(blockAt(a)).key).toBe(first.key(blockAt(a)));
  });

  test("hold no address and no credentials", async () => {
    const of = mirror({ imageBase: "https://user:very-secret@host.example/?token=very-secret&x=" });
    const key = (await requestsOf(of, ["user", "very-secret"])).key(blockAt(of));
    expect(key).toMatch(/^\d+\/1\/5\/1\/1$/);
  });
});

describe("credentials", () => {
  test("go into the headers of a job, and nowhere else", async () => {
    const of = mirror();
    const request = (await requestsOf(of, { token: "very-secret" })).request(blockAt(of));
    expect(await request.makeJob(signal))?.toMatchObject({ headers: { Authorization: "Token very-secret" } });
    expect(JSON.stringify(request)).not.toContain("very-secret");
  });

  test("of CATMAID itself go into the header that it reads", async () => {
    const of = mirror({
      tileSourceType: 3,
      catmaidUrl: "https://catmaid.example/",
      projectId: 1,
      stackId: 2,
    });
    const job = await (await requestsOf(of, { token: "t" })).request(blockAt(of)).makeJob(signal);
    expect(job?.headers).toEqual({ "X-Authorization": "Token t" });
    expect(job?.url).toMatch(/^https:\/\/catmaid\.example\/1\/stack\/2\/tile\?/);
  });

  test("a function is asked with each job, not before", async () => {
    let asked = 0;
    const of = mirror();
    const requests = await requestsOf(of, () => ({ Authorization: `Bearer ${++asked}` }));
    const request = requests.request(blockAt(of));
    expect(asked).toBe(0);
    expect((await request.makeJob(signal))?.headers).toEqual({ Authorization: "Bearer 1" });
    expect((await request.makeJob(signal))?.headers).toEqual({ Authorization: "Bearer 2" });
  });

  test("that no header can carry are refused before the first request", async () => {
    await expect(requestsOf(mirror(), { token: "a\nb" })).rejects.toMatchObject({ code: "invalid-option" });
  });

  test("in the query of a URL are sent and not shown", async () => {
    const of = mirror({ fileExtension: "png?token=very-secret&q=80" });
    const requests = await requestsOf(of);
    const request = requests.request(blockAt(of));
    expect((await request.makeJob(signal))?.url).toContain("token=very-secret&q=80");
    expect(requests.url(blockAt(of))).toBe("https://host.example/tiles/5/1_1_1.png?token=***&q=80");
  });
});

describe("origins", () => {
  test("are those of the mirror's tiles", () => {
    expect(originOf(mirror())).toBe("https://host.example");
    expect(originOf(mirror({ imageBase: "/tiles/", catmaidUrl: "http://c.example/catmaid/" }))).toBe(
      "http://c.example",
    );
    const hdf5 = { tileSourceType: 3, catmaidUrl: "http://c.example/catmaid/", projectId: 1, stackId: 2 };
    expect(originOf(mirror(hdf5))).toBe("http://c.example");
  });

  test("are compared by scheme, host and port", () => {
    expect(haveSameOrigin("https://a.example/x", "https://a.example:443/y?z")).toBe(true);
    expect(haveSameOrigin("https://a.example/x", "http://a.example/x")).toBe(false);
    expect(haveSameOrigin("https://a.example/x", "https://a.example.evil/x")).toBe(false);
    expect(haveSameOrigin("https://a.example/x", "http://")).toBe(false);
  });
});
