/** What the command line sends, whom it asks, and what it takes for missing. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { encodeGreyPng } from "../../support/images/encode-grey-png.js";
import { runCli } from "../../support/programs/warm-command-line.js";
import { serve } from "../../support/servers/serve.js";

const tile = encodeGreyPng(new Uint8Array(32 * 32).fill(99), 32, 32);

function stackInfo(imageBase: string): string {
  const size = { tile_width: 32, tile_height: 32, tile_source_type: 1, file_extension: "png" };
  return JSON.stringify({
    stitle: "the stack",
    dimension: { x: 32, y: 32, z: 1 },
    resolution: { x: 1, y: 1, z: 1 },
    num_zoom_levels: 0,
    mirrors: [{ title: "m", position: 0, image_base: imageBase, ...size }],
  });
}

/** A server of tiles, and of a stack whose tiles are there or elsewhere. */
async function serveStack({ status = 200, imageBase = "" } = {}) {
  const seen: IncomingMessage[] = [];
  const url = await serve((request, response) => {
    seen.push(request);
    if (request.url?.endsWith("/1/stack/2/info")) response.end(stackInfo(imageBase || `${url}t/`));
    else response.writeHead(status).end(status === 200 ? tile : undefined);
  });
  const sent = (name: string) => seen.map(({ url: path, headers }) => [path, headers[name]]);
  return { url, sent };
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function get(source: string, ...more: string[]) {
  const output = join(await folder(), "volume.npy");
  return runCli(["get", source, "--roi", "all", "-o", output, "--attempts", "1", "--quiet", ...more]);
}

async function fileOf(imageBase: string): Promise<string> {
  const path = join(await folder(), "stack.json");
  await writeFile(path, stackInfo(imageBase));
  return path;
}

describe("--header", () => {
  test("goes to the server of the stack and its tiles, with credentials beside it", async () => {
    const { url, sent } = await serveStack();
    const words = ["--header", "X-Key: a: b", "--header", "User-Agent:lab", "--token", "t"];
    expect(await get(`${url}1/stack/2/info`, ...words, "--mirror-user", "u:p")).toMatchObject({ code: 0 });
    expect(sent("x-key")).toEqual([
      ["/1/stack/2/info", "a: b"],
      ["/t/0/0_0_0.png", "a: b"],
    ]);
    expect(sent("user-agent").map(([, value]) => value)).toEqual(["lab", "lab"]);
    expect(sent("authorization")[1]?.[1]).toMatch(/^Basic /);
  });

  test("goes to no other server, which --mirror-header is for", async () => {
    const tiles = await serveStack();
    const { url, sent } = await serveStack({ imageBase: tiles.url });
    const words = ["--header", "X-Key: 1", "--mirror-header", "X-Tiles: 2"];
    expect(await get(`${url}1/stack/2/info`, ...words)).toMatchObject({ code: 0 });
    expect([sent("x-key"), sent("x-tiles")].map(([first]) => first?.[1])).toEqual(["1", undefined]);
    expect([tiles.sent("x-key"), tiles.sent("x-tiles")].map(([first]) => first?.[1])).toEqual([
      undefined,
      "2",
    ]);
  });

  test("goes to the image server of a stack from a file", async () => {
    const { url, sent } = await serveStack();
    expect(await get(await fileOf(`${url}t/`), "--header", "X-Key: 1")).toMatchObject({ code: 0 });
    expect(sent("x-key")).toEqual([["/t/0/0_0_0.png", "1"]]);
  });

  test.each(["very-secret", ": very-secret", "X Y: very-secret", "X-Key: very-secret\nB: c"])(
    "that is none is refused and not repeated: %j",
    async (header) => {
      const { url, sent } = await serveStack();
      const { code, stderr } = await get(`${url}1/stack/2/info`, "--header", header);
      expect(code).toBe(2);
      expect(stderr).not.toContain("very-secret");
      expect(sent("host")).toEqual([]);
    },
  );
});

describe("--missing-status", () => {
  test.each([204, 403])("declares %i missing, which is an error or no image without it", async (status) => {
    const { url } = await serveStack({ status });
    expect(await get(`${url}1/stack/2/info`)).toMatchObject({ code: 1 });
    const words = ["--missing-status", "204, 403", "--strict"];
    expect(await get(`${url}1/stack/2/info`, ...words)).toMatchObject({ code: 3, stderr: "" });
  });

  test("leaves 404 missing", async () => {
    const { url } = await serveStack({ status: 404 });
    expect(await get(`${url}1/stack/2/info`, "--missing-status", "403")).toMatchObject({ code: 0 });
  });

  test.each(["4o3", "", "200", "302"])("cannot be %j", async (status) => {
    const { url } = await serveStack();
    expect(await get(`${url}1/stack/2/info`, "--missing-status", status)).toMatchObject({ code: 2 });
  });
});

describe("a stack is also", () => {
  test("the address of a viewer, by its project and stack", async () => {
    const { url } = await serveStack();
    const { code, stdout } = await runCli(["info", `${url}catmaid/?pid=1&zp=5&tool=navigator&sid0=2&s0=1`]);
    expect({ code, title: stdout.split("\n")[0] }).toEqual({ code: 0, title: "the stack" });
  });

  test("an address of this machine without http://, also as --server", async () => {
    const { url } = await serveStack();
    const bare = url.replace("http://", "");
    expect(await runCli(["info", `${bare}1/stack/2/info`])).toMatchObject({ code: 0 });
    expect(await runCli(["info", "--server", bare, "--project", "1", "--stack", "2"])).toMatchObject({
      code: 0,
    });
  });

  test("not an address elsewhere without https://, which the message says", async () => {
    const { code, stderr } = await runCli(["info", "example.org/catmaid/1/stack/2/info"]);
    expect(code).toBe(2);
    expect(stderr).toContain("if it is an address, put https:// before it");
  });
});
