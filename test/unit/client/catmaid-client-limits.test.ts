import { getEventListeners } from "node:events";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { maxAnswerBytes } from "../../../src/client/api-transport.js";
import { CatmaidClient, type CatmaidClientOptions } from "../../../src/client/catmaid-client.js";
import { CatmaidApiError, InvalidOptionError } from "../../../src/errors.js";
import { answer, type Handler, serve } from "../../support/servers/serve.js";

const reason = { why: "enough" };

/** A server that counts its requests. */
async function counted(): Promise<{ baseUrl: string; requests: string[] }> {
  const requests: string[] = [];
  const baseUrl = await serve((request, response) => {
    requests.push(request.url ?? "");
    answer(200, [1])(request, response);
  });
  return { baseUrl, requests };
}

describe("an auth function", () => {
  test("during which the signal aborts: no request is made", async () => {
    const { baseUrl, requests } = await counted();
    const controller = new AbortController();
    const auth = async () => {
      controller.abort(reason);
      return { A: "1" };
    };
    const client = new CatmaidClient({ baseUrl, auth });
    await expect(client.get("x", {}, { signal: controller.signal })).rejects.toBe(reason);
    expect(await new CatmaidClient({ baseUrl }).get("y")).toEqual([1]);
    expect(requests).toEqual(["/y"]);
  });

  test("that answers in the moment of the abort: no request is made", async () => {
    const { baseUrl, requests } = await counted();
    const controller = new AbortController();
    let give = (_headers: Record<string, string>): void => {};
    const headers = new Promise<Record<string, string>>((resolve) => {
      give = resolve;
    });
    const client = new CatmaidClient({ baseUrl, auth: () => headers });
    const got = client.get("x", {}, { signal: controller.signal });
    give({ A: "1" });
    controller.abort(reason);
    await expect(got).rejects.toBe(reason);
    expect(await new CatmaidClient({ baseUrl }).get("y")).toEqual([1]);
    expect(requests).toEqual(["/y"]);
  });

  test("that never answers ends with the signal", async () => {
    let asked = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const auth = () => {
      asked();
      return new Promise<never>(() => {});
    };
    const controller = new AbortController();
    const client = new CatmaidClient({ baseUrl: "http://127.0.0.1:9/", auth });
    const got = client.get("x", {}, { signal: controller.signal });
    await waiting;
    controller.abort(reason);
    await expect(got).rejects.toBe(reason);
  });

  test("that never answers ends with the time limit, and the error says who was waited for", async () => {
    const baseUrl = "http://127.0.0.1:9/";
    const client = new CatmaidClient({ baseUrl, auth: () => new Promise<never>(() => {}), timeoutMs: 20 });
    const error: unknown = await client.get("x").catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(CatmaidApiError);
    expect(error).toMatchObject({
      status: 0,
      url: `${baseUrl}x`,
      message: `the auth function did not give the credentials for ${baseUrl}x within 20 ms`,
    });
  });

  test("that fails after the abort fails for nobody", async () => {
    let fail = (_reason: unknown): void => {};
    const headers = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const controller = new AbortController();
    const client = new CatmaidClient({ baseUrl: "http://127.0.0.1:9/", auth: () => headers });
    const got = client.get("x", {}, { signal: controller.signal });
    controller.abort(reason);
    await expect(got).rejects.toBe(reason);
    fail(new Error("too late"));
    await headers.catch(() => {});
  });

  test("that throws ends the call with its own error", async () => {
    const slip = new Error("the vault is shut");
    const auth = () => {
      throw slip;
    };
    await expect(new CatmaidClient({ baseUrl: "http://127.0.0.1:9/", auth }).get("x")).rejects.toBe(slip);
  });
});

describe("a fetch function that pays no heed to its signal", () => {
  const options = (fetch: typeof globalThis.fetch): CatmaidClientOptions => ({
    baseUrl: "http://127.0.0.1:9/",
    fetch,
  });

  test("ends with the caller's", async () => {
    const controller = new AbortController();
    const client = new CatmaidClient(
      options(() => {
        controller.abort(reason);
        return new Promise<never>(() => {});
      }),
    );
    await expect(client.get("x", {}, { signal: controller.signal })).rejects.toBe(reason);
  });

  test("ends with the time limit", async () => {
    const never = options(() => new Promise<never>(() => {}));
    const got = new CatmaidClient({ ...never, timeoutMs: 20 }).get("x");
    await expect(got).rejects.toMatchObject({ code: "api", message: /did not answer within 20 ms$/ });
  });

  test("is not read from any more", async () => {
    const controller = new AbortController();
    let cancelled = (): void => {};
    const end = new Promise<void>((resolve) => {
      cancelled = resolve;
    });
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(stream) {
        if (++pulls === 3) controller.abort(reason);
        stream.enqueue(new Uint8Array(1));
      },
      cancel: cancelled,
    });
    const client = new CatmaidClient(options(async () => new Response(body)));
    await expect(client.get("x", {}, { signal: controller.signal })).rejects.toBe(reason);
    await end;
  });
});

describe("50 requests at a time under one signal", () => {
  /** A signal, and the warnings of Node: it warns of a leak from the eleventh listener on. */
  function watched() {
    const controller = new AbortController();
    const warnings: Error[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const listeners = (): number => getEventListeners(controller.signal, "abort").length;
    return { controller, warnings, listeners };
  }

  /** A server that answers none before all have come, and when they have. */
  async function crowded(handler: Handler): Promise<{ baseUrl: string; allCame: Promise<void> }> {
    let come = (): void => {};
    const allCame = new Promise<void>((resolve) => {
      come = resolve;
    });
    let count = 0;
    const baseUrl = await serve((request, response) => {
      if (++count === 50) come();
      allCame.then(() => handler(request, response));
    });
    return { baseUrl, allCame };
  }

  const getAll = (client: CatmaidClient, signal: AbortSignal): Promise<unknown>[] =>
    Array.from({ length: 50 }, (_, i) => client.get([i], {}, { signal }));

  test("are no leak, and leave no listener", async () => {
    const { baseUrl } = await crowded(answer(200, [1]));
    const { controller, warnings, listeners } = watched();
    const got = Promise.all(getAll(new CatmaidClient({ baseUrl }), controller.signal));
    expect(listeners()).toBe(1);
    expect(await got).toEqual(new Array(50).fill([1]));
    expect(listeners()).toBe(0);
    expect(warnings).toEqual([]);
  });

  test("all end with it", async () => {
    const { baseUrl, allCame } = await crowded(() => {});
    const { controller, warnings, listeners } = watched();
    const settled = Promise.allSettled(getAll(new CatmaidClient({ baseUrl }), controller.signal));
    await allCame;
    controller.abort(reason);
    expect(await settled).toEqual(new Array(50).fill({ status: "rejected", reason }));
    expect(listeners()).toBe(0);
    expect(warnings).toEqual([]);
  });
});

describe("timeoutMs", () => {
  test.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "30"])(
    "cannot be %s",
    (timeoutMs) => {
      const make = () =>
        new CatmaidClient({ baseUrl: "http://127.0.0.1:9/", timeoutMs: timeoutMs as number });
      expect(make).toThrow(InvalidOptionError);
      expect(make).toThrow(
        `timeoutMs must be a time in ms from 1 to 2147483647, got ${JSON.stringify(timeoutMs).replace("null", String(timeoutMs))}`,
      );
    },
  );

  test("may be as long as a timer can be", async () => {
    const { baseUrl } = await counted();
    expect(await new CatmaidClient({ baseUrl, timeoutMs: 2 ** 31 - 1 }).get("x")).toEqual([1]);
  });
});

describe("an answer", () => {
  test("without end is left after 64 MiB, and its connection is closed", async () => {
    const chunk = "1,".repeat(256 * 1024);
    let left = (): void => {};
    const closed = new Promise<void>((resolve) => {
      left = resolve;
    });
    const baseUrl = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("close", left);
      response.on("drain", more);
      response.write("[");
      more();
    });
    const error: unknown = await new CatmaidClient({ baseUrl }).get("x").catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(CatmaidApiError);
    expect(error).toMatchObject({
      status: 200,
      url: `${baseUrl}x`,
      message: `${baseUrl}x answered with more than the 67108864 bytes that are read: ask for less at a time, or check the address`,
    });
    await closed;
  });

  test("counts as it is unpacked, to the byte", async () => {
    const mebibyte = 1024 * 1024;
    // Members of a gzip file follow one another.
    const spaces = new Array<Buffer>(maxAnswerBytes / mebibyte - 1).fill(gzipSync(" ".repeat(mebibyte)));
    const baseUrl = await serve((request, response) => {
      response.setHeader("Content-Encoding", "gzip");
      const last = `${" ".repeat(mebibyte - 1)}7`;
      response.end(Buffer.concat([...spaces, gzipSync(request.url === "/fits" ? last : ` ${last}`)]));
    });
    const client = new CatmaidClient({ baseUrl });
    expect(await client.get("fits")).toBe(7);
    await expect(client.get("more")).rejects.toMatchObject({
      code: "api",
      message: /more than the 67108864/,
    });
  });

  test("is UTF-8 however it is cut, with or without a byte order mark, and may be of no body", async () => {
    const bytes = new TextEncoder().encode('\uFEFF["ä€😀"]');
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        for (const byte of bytes) stream.enqueue(Uint8Array.of(byte));
        stream.close();
      },
    });
    const answers = [new Response(body), new Response(null, { status: 404 })];
    const fetch = async () => answers.shift() ?? Response.error();
    const client = new CatmaidClient({ baseUrl: "http://127.0.0.1:9/", fetch });
    expect(await client.get("x")).toEqual(["ä€😀"]);
    await expect(client.get("x")).rejects.toMatchObject({
      status: 404,
      message: /answered with status 404$/,
    });
  });
});
