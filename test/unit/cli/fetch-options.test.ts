import { afterEach, describe, expect, test, vi } from "vitest";
import { duration, oneOf, refuseUnknown, wholeNumber } from "../../../src/options/check-option.js";
import type { ImageFetcherOptions } from "../../../src/options/image-fetcher-options.js";
import {
  imageFetcherOptionNames,
  resolveOptions,
  threadedOptionNames,
} from "../../../src/options/image-fetcher-options.js";

// What a caller without types may pass.
const resolve = (options: unknown) => resolveOptions(options as ImageFetcherOptions, imageFetcherOptionNames);
const refusal = (...words: string[]) =>
  expect.objectContaining({
    name: "InvalidOptionError",
    code: "invalid-option",
    message: expect.stringMatching(new RegExp(words.join(".*"))),
  });

afterEach(() => {
  vi.restoreAllMocks();
});

describe("resolveOptions", () => {
  test("fills in the defaults that the documentation gives", () => {
    expect(resolve({})).toEqual({
      outputOrientation: "zyx",
      preferredMirror: undefined,
      timeoutMs: 10_000,
      cacheItems: Number.POSITIVE_INFINITY,
      cacheBytes: 256 * 1024 * 1024,
      maxMemoryBytes: 256 * 1024 * 1024,
      brokenSliceHandling: "fill",
      fillValue: 0,
      dataType: undefined,
      channel: undefined,
      missingTile: "fill",
      emptyBlock: "zero",
      missingStatuses: [404, 410],
      isMissing: undefined,
      failover: false,
      auth: undefined,
      maxRequests: 32,
      maxRequestsPerSecond: Number.POSITIVE_INFINITY,
      retry: { attempts: 5, baseDelayMs: 200, maxDelayMs: 10_000 },
      fetch: undefined,
      onWarning: expect.any(Function),
    });
  });

  test("keeps what is given", () => {
    const given = {
      outputOrientation: "xyz",
      preferredMirror: "the fast one",
      timeoutMs: 1.5,
      cacheItems: 0,
      cacheBytes: Number.POSITIVE_INFINITY,
      maxMemoryBytes: 1,
      brokenSliceHandling: "interpolate",
      fillValue: 300,
      dataType: "uint16",
      channel: 2,
      missingTile: "throw",
      emptyBlock: "throw",
      missingStatuses: [403],
      isMissing: () => false,
      failover: [1, "the slow one"],
      auth: { token: "t" },
      maxRequests: 1024,
      maxRequestsPerSecond: 0.5,
      retry: { attempts: 1, baseDelayMs: 0, maxDelayMs: 0 },
      fetch: globalThis.fetch,
      onWarning: () => {},
    };
    expect(resolve(given)).toEqual(given);
  });

  test("what is undefined is not given", () => {
    const nothing = Object.fromEntries([...imageFetcherOptionNames].map((name) => [name, undefined]));
    const { onWarning: _, ...resolved } = resolve(nothing);
    const { onWarning: __, ...defaults } = resolve({});
    expect(resolved).toEqual(defaults);
  });

  test("half a retry is completed", () => {
    expect(resolve({ retry: { attempts: 2 } }).retry).toEqual({
      attempts: 2,
      baseDelayMs: 200,
      maxDelayMs: 10_000,
    });
  });

  test("warnings go to the console unless somebody takes them", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    resolve({}).onWarning("worth knowing");
    expect(warn).toHaveBeenCalledExactlyOnceWith("catmaid-image: worth knowing");
    resolve({ onWarning: () => {} }).onWarning("taken");
    expect(warn).toHaveBeenCalledTimes(1);
  });

  test("a bigint fills no voxels that are numbers", () => {
    expect(() => resolve({ fillValue: 1n, dataType: "uint8" })).toThrow(
      "fillValue must be a whole number from 0 to 255, got 1n",
    );
  });

  test.each([
    [{ ouputOrientation: "xyz" }, '"ouputOrientation" is no option', "outputOrientation"],
    [{ cval: 0 }, '"cval" is no option', "fillValue"],
    [{ threads: 4 }, '"threads" is no option', ""],
    [{ outputOrientation: "zyy" }, "outputOrientation must be one of zyx", '"zyy"'],
    [{ outputOrientation: "ZYX" }, "outputOrientation must be one of", '"ZYX"'],
    [{ brokenSliceHandling: "nearest" }, "brokenSliceHandling must be one of fill, throw", '"nearest"'],
    [{ missingTile: "ignore" }, "missingTile must be one of fill, throw", '"ignore"'],
    [{ emptyBlock: "fill" }, "emptyBlock must be one of zero, throw", '"fill"'],
    [{ dataType: "uint12" }, "dataType must be one of uint8, int8, uint16", '"uint12"'],
    [{ dataType: "" }, "dataType must be one of uint8, int8, uint16", '""'],
    [{ channel: -1 }, "channel must be a whole number from 0 to 65535", "-1"],
    [{ channel: "red" }, "channel must be one of grey", '"red"'],
    [{ fillValue: 65_536, dataType: "uint16" }, "fillValue must be a whole number from 0 to 65535", "65536"],
    [{ fillValue: -1, dataType: "uint8" }, "fillValue must be a whole number from 0 to 255", "-1"],
    [{ fillValue: 256, dataType: "uint8" }, "fillValue must be a whole number from 0 to 255", "256"],
    [{ fillValue: 0.5, dataType: "uint8" }, "fillValue must be a whole number", "0\\.5"],
    [{ fillValue: Number.NaN, dataType: "uint8" }, "fillValue must be a whole number", "NaN"],
    [{ fillValue: "0" }, "fillValue must be a whole number", '"0"'],
    [{ timeoutMs: 0 }, "timeoutMs must be a time in ms from 1", "0"],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, "timeoutMs must be a time in ms", "Infinity"],
    [{ timeoutMs: 2 ** 31 }, "timeoutMs must be a time in ms", "2147483648"],
    [{ timeoutMs: "10s" }, "timeoutMs must be a time in ms", '"10s"'],
    [{ cacheBytes: -1 }, "cacheBytes must be a whole number", "-1"],
    [{ maxMemoryBytes: 0 }, "maxMemoryBytes must be a whole number", "0"],
    [{ maxMemoryBytes: Number.POSITIVE_INFINITY }, "maxMemoryBytes must be a whole number", "Infinity"],
    [{ cacheBytes: 1.5 }, "cacheBytes must be a whole number", "1\\.5"],
    [{ cacheItems: Number.NaN }, "cacheItems must be a whole number", "NaN"],
    [{ cacheItems: "many" }, "cacheItems must be a whole number", '"many"'],
    [{ maxRequests: 0 }, "maxRequests must be a whole number from 1", "0"],
    [{ maxRequests: 2000 }, "maxRequests must be a whole number from 1 to 1024", "2000"],
    [{ maxRequestsPerSecond: 0 }, "maxRequestsPerSecond must be a number of at least", "0"],
    [{ maxRequestsPerSecond: Number.NaN }, "maxRequestsPerSecond must be a number", "NaN"],
    [{ maxRequestsPerSecond: "2/s" }, "maxRequestsPerSecond must be a number", '"2/s"'],
    [{ missingStatuses: 404 }, "missingStatuses must be an array", ""],
    [{ missingStatuses: [200] }, "missingStatuses must be a whole number from 201", "200"],
    [{ missingStatuses: [404, 302] }, "missingStatuses cannot have 302", "followed"],
    [{ headers: "X-A: 1" }, "headers must be an object of headers", ""],
    [{ headers: { "X A": "1" } }, "headers gave a header that cannot be sent", '"X A"'],
    [{ headers: { "Content-Length": "1" } }, "headers gave a header that cannot be sent", "Content-Length"],
    [{ headers: { "X-A": "a\nb" } }, "headers gave a header that cannot be sent", '"X-A"'],
    [{ retry: { tries: 3 } }, '"tries" is no option of retry', "attempts"],
    [{ retry: 3 }, "the options of retry must be an object", "3"],
    [{ retry: { attempts: 0 } }, "retry.attempts must be a whole number from 1", "0"],
    [{ retry: { baseDelayMs: -1 } }, "retry.baseDelayMs must be a time in ms", "-1"],
    [{ retry: { maxDelayMs: Number.NaN } }, "retry.maxDelayMs must be a time in ms", "NaN"],
    [{ isMissing: /black/ }, "isMissing must be a function", "object"],
    [{ failover: "all" }, "failover must be true, false or a list", '"all"'],
    [{ fetch: "fetch" }, "fetch must be a function", '"fetch"'],
    [{ onWarning: console }, "onWarning must be a function", "object"],
    [null, "the options of an image fetcher must be an object", "null"],
    ["fast", "the options of an image fetcher must be an object", "got text"],
  ])("refuses %j by name", (options, first, second) => {
    expect(() => resolve(options)).toThrow(refusal(first, second));
  });

  test.each([
    ["user"],
    ["user", "password", "more"],
    { tokn: "very-secret" },
    "user:very-secret",
    5,
    { token: 7 },
  ])("refuses credentials of another form without showing them", (auth) => {
    expect(() => resolve({ auth })).toThrow(
      refusal("auth must be \\[user, password\\], \\{ token \\} or a function"),
    );
    try {
      resolve({ auth });
    } catch (error) {
      expect(String(error)).not.toContain("very-secret");
    }
  });

  test("the threaded fetcher takes three more", () => {
    expect([...threadedOptionNames].filter((name) => !imageFetcherOptionNames.has(name))).toEqual([
      "threads",
      "createWorker",
      "keepWorkersMs",
    ]);
  });
});

describe("checks", () => {
  test("oneOf and wholeNumber and duration hand on what is right", () => {
    expect(oneOf("x", "a", ["a", "b"])).toBe("a");
    expect([wholeNumber("x", 1, 1, 3), wholeNumber("x", 3, 1, 3)]).toEqual([1, 3]);
    expect([duration("x", 1), duration("x", 0, 0), duration("x", 2 ** 31 - 1)]).toEqual([1, 0, 2 ** 31 - 1]);
  });

  test("names that every object inherits are no options either", () => {
    const options = JSON.parse('{"__proto__": 1}') as object;
    expect(() => refuseUnknown(options, new Set(["a"]), "a test")).toThrow(
      refusal('"__proto__" is no option of a test'),
    );
  });
});
