import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { CatmaidClient, ImageFetcher, ProjectStack, Stack } from "../../../src/index.js";
import { isWorkerAnswer } from "../../../src/pool/worker-answer-check.js";
import type { BlockJob } from "../../../workers/protocol.js";
import { testRegion, testRegionVoxels, testStackInfo } from "../../support/model/test-stack.js";
import { fetchTestRegion } from "../../support/pages/consumer-code.js";
import { bundleForNode } from "../../support/programs/bundle-for-node.js";
import { runNode } from "../../support/programs/run-node.js";
import { type HttpTestServer, startHttpTestServer } from "../../support/servers/http-test-server.js";

let server: HttpTestServer;
let copy: { url: string; folder: string };
let imageBase: string;
beforeAll(async () => {
  [server, copy] = await Promise.all([startHttpTestServer(), bundleForNode("src/index.ts")]);
  imageBase = `${server.url}/realms/stack/`;
});
afterAll(async () => {
  await rm(copy.folder, { recursive: true });
  await server.close();
});

/** Runs a script that imports the library, as text, with arguments to Node before its file. */
async function runScript(body: string, ...nodeArguments: string[]): Promise<unknown> {
  const file = join(copy.folder, "script.mjs");
  const library = `import * as library from ${JSON.stringify(copy.url)};`;
  writeFileSync(file, `${library}\n${body}`);
  const { code, stdout, stderr } = await runNode("", { args: ["--no-warnings", ...nodeArguments, file] });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

const otherRealm = fileURLToPath(new URL("../../support/fetching/other-realm.mjs", import.meta.url));

describe("in the context of a test runner, whose classes are not Node's", () => {
  test.each(["ImageFetcher", "ThreadedImageFetcher"])(
    "%s fetches, and no worker is refused",
    async (name) => {
      const options = name === "ImageFetcher" ? "" : "threads: 2";
      const found = await runScript(
        `import { readFileSync } from "node:fs";
      import { Worker } from "node:worker_threads";
      const foreign = !(readFileSync(${JSON.stringify(otherRealm)}) instanceof Uint8Array);
      const { postMessage } = Worker.prototype;
      const seen = new Set();
      Worker.prototype.postMessage = function (...args) { seen.add(this); return postMessage.apply(this, args); };
      const fetchRegion = async () => {${fetchTestRegion(`library.${name}`, imageBase, options)}};
      console.log(JSON.stringify({ foreign, ...(await fetchRegion()), workers: seen.size }));`,
        "--experimental-vm-modules",
        otherRealm,
      );
      expect(found).toEqual({
        foreign: true,
        shape: [5, 99, 132],
        voxels: testRegionVoxels(),
        warnings: [],
        workers: name === "ImageFetcher" ? 0 : 2,
      });
    },
  );

  test("a client says why a server cannot be reached, though the error is none of its own realm", async () => {
    const message = await runScript(
      `const client = new library.CatmaidClient({ baseUrl: "http://127.0.0.1:1/" });
      console.log(JSON.stringify(await client.get("x").catch((error) => error.message)));`,
      "--experimental-vm-modules",
      otherRealm,
    );
    expect(message).toMatch(/http:\/\/127\.0\.0\.1:1\/x could not be reached: (?!fetch failed|TypeError)/);
  });
});

test("where a page has replaced Promise, as zone.js does, credentials that come with a promise are awaited", async () => {
  const found = await runScript(`
    globalThis.Promise = class extends Promise {};
    const fetchRegion = async () => {${fetchTestRegion("library.ImageFetcher", imageBase, "auth: async () => ({})")}};
    console.log(JSON.stringify(await fetchRegion()));`);
  expect(found).toEqual({ shape: [5, 99, 132], voxels: testRegionVoxels(), warnings: [] });
});

describe("what another copy of the library made", () => {
  test("a stack, its mirrors and its errors are ours as well", async () => {
    const other: typeof import("../../../src/index.js") = await import(/* @vite-ignore */ copy.url);
    expect(other.Stack).not.toBe(Stack);
    const stack = other.ProjectStack.fromStackInfo(testStackInfo(imageBase)) as unknown as ProjectStack;
    const [mirror] = stack.mirrors;
    const fetcher = new ImageFetcher(stack, { preferredMirror: mirror as NonNullable<typeof mirror> });
    onTestFinished(() => fetcher.close());
    const { data } = await fetcher.get(testRegion);
    expect(Array.from(data)).toEqual(testRegionVoxels());
    expect(new Stack({ dimension: { x: 1, y: 1, z: 1 }, mirrors: stack.mirrors }).mirrors).toEqual([mirror]);
    expect(ProjectStack.fromStackInfo(testStackInfo(imageBase)).mirrorAt(mirror as never)).toBeUndefined();
    expect(stack.mirrorAt(mirror as never)).toBe(mirror);
  });

  test("a stack that lies otherwise in project space is warned of", async () => {
    const other: typeof import("../../../src/index.js") = await import(/* @vite-ignore */ copy.url);
    const info = { ...testStackInfo(imageBase), orientation: 1 };
    const warnings: string[] = [];
    const stack = other.ProjectStack.fromStackInfo(info) as unknown as ProjectStack;
    const fetcher = new ImageFetcher(stack, { onWarning: (message) => warnings.push(message) });
    onTestFinished(() => fetcher.close());
    await fetcher.getProjectSpace([
      [0, 0, 0],
      [40, 4, 4],
    ]);
    expect(warnings).toEqual([expect.stringContaining("the stack lies xz")]);
  });
});

describe("answers of a caller's fetch", () => {
  /** As of a `fetch` whose bodies are no streams of the web: whatwg-fetch has none, node-fetch those of Node. */
  function plainAnswer(body: unknown, foreign: (bytes: ArrayBuffer) => ArrayBuffer): typeof fetch {
    return async (input, init) => {
      const { ok, status, headers, type, url } = await fetch(input, init);
      const bytes = async (): Promise<ArrayBuffer> => foreign(await (await fetch(input)).arrayBuffer());
      const text = async (): Promise<string> => new TextDecoder().decode(await bytes());
      return { ok, status, headers, type, url, body, arrayBuffer: bytes, text } as unknown as Response;
    };
  }
  const sameRealm = (bytes: ArrayBuffer): ArrayBuffer => bytes;
  const otherContext = (bytes: ArrayBuffer): ArrayBuffer =>
    runInNewContext("Uint8Array.from(values).buffer", { values: [...new Uint8Array(bytes)] }) as ArrayBuffer;

  test.each([
    ["none", undefined, sameRealm],
    ["of Node", { on() {}, pipe() {} }, sameRealm],
    ["none, and bytes of another realm", undefined, otherContext],
  ])("a body stream that is %s: the bytes are read all the same", async (_what, body, foreign) => {
    const fetch = plainAnswer(body, foreign);
    const fetcher = ImageFetcher.fromStackInfo(testStackInfo(imageBase), { fetch });
    onTestFinished(() => fetcher.close());
    const { data } = await fetcher.get(testRegion);
    expect(Array.from(data)).toEqual(testRegionVoxels());
    const client = new CatmaidClient({ baseUrl: server.url, fetch });
    await expect(client.get("realms/nothing")).rejects.toMatchObject({ code: "api" });
  });
});

test("a worker's bytes are known by what they are, whichever realm made them", () => {
  const codec = { kind: "image", transpose: false, dataType: "uint8", channel: "grey" };
  const job = { codec, shape: [1, 3, 4] } as unknown as BlockJob;
  const answer = (data: unknown): unknown => ({
    kind: "block",
    data,
    shape: [1, 3, 4],
    bodyBytes: 1,
    decoder: "png-ts",
  });
  const foreign: unknown = runInNewContext("new Uint8Array(12)");
  expect(foreign instanceof Uint8Array).toBe(false);
  expect(isWorkerAnswer(answer(foreign), job)).toBe(true);
  expect(isWorkerAnswer({ kind: "handed-back", body: foreign }, job)).toBe(true);
  const pretended = { length: 12, [Symbol.toStringTag]: "Uint8Array" };
  expect(isWorkerAnswer(answer(pretended), job)).toBe(false);
});

test("an out of another realm is written to, and what only pretends to be an array is refused", async () => {
  const fetcher = ImageFetcher.fromStackInfo(testStackInfo(imageBase));
  onTestFinished(() => fetcher.close());
  const out = runInNewContext("new Uint8Array(5 * 99 * 132)") as Uint8Array;
  expect((await fetcher.get(testRegion, { out })).data).toBe(out);
  expect(Array.from(out)).toEqual(testRegionVoxels());
  const pretended = { length: 5 * 99 * 132, [Symbol.toStringTag]: "Uint8Array" };
  await expect(fetcher.get(testRegion, { out: pretended as never })).rejects.toMatchObject({
    code: "invalid-out",
  });
});
