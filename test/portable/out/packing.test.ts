import Blosc from "numcodecs/blosc";
import Zstd from "numcodecs/zstd";
import { describe, expect, test } from "vitest";
import { pack as packNow } from "#pack";
import { writerTools } from "../../../src/fetch/delivery/writer-tools.js";
import type { OutCompression } from "../../../src/out/packing/pack.js";
import { packingOf } from "../../../src/out/packing/packing.js";
import type { PackBytes } from "../../../src/pool/pack-bytes.js";
import type { Packing } from "../../../workers/protocol.js";

const { signal } = new AbortController();
const pack = packingOf(writerTools(packNow, signal));
const numbers = (from: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Uint32Array.from({ length: 2000 }, (_, i) => from + i * 3).buffer);
const codecs = {
  zstd: Zstd.fromConfig({ id: "zstd" }),
  blosc: Blosc.fromConfig({ id: "blosc" }),
};

describe("packing", () => {
  test("leaves to the fetcher what the platform packs", async () => {
    const bytes = numbers(1);
    expect(await pack(bytes, { kind: "gzip", level: 1 })).toEqual(
      await packNow(bytes, { kind: "gzip", level: 1 }),
    );
    expect(await pack(bytes, { kind: "zlib" })).toEqual(await packNow(bytes, { kind: "zlib", level: 6 }));
    expect(await pack(bytes, { kind: "none" })).toBe(bytes);
  });

  test("leaves zstd and Blosc to it as well where workers can import them; a page packs them itself", async () => {
    const left: Packing["kind"][] = [];
    const packBytes: PackBytes = (bytes, packing) => {
      left.push(packing.kind);
      return packNow(bytes, packing);
    };
    const packWatched = packingOf(writerTools(packBytes, signal));
    await packWatched(numbers(1), { kind: "zstd" });
    await packWatched(numbers(1), { kind: "blosc", elementBytes: 4 });
    expect(left).toEqual("document" in globalThis ? [] : ["codec", "codec"]);
  });

  const optional: readonly (OutCompression & { readonly kind: "zstd" | "blosc" })[] = [
    { kind: "zstd" },
    { kind: "zstd", level: 9 },
    { kind: "blosc", elementBytes: 4 },
    { kind: "blosc", level: 9, elementBytes: 1 },
  ];
  test.each(optional)(
    "trap 47: $kind, level $level: several at a time, of views, stay right after the next",
    async (compression) => {
      const memory = new Uint8Array(10_000);
      const inputs = [0, 1000, 7000].map((from) => numbers(from));
      const packed = await Promise.all(
        inputs.map((bytes, i) => {
          memory.set(bytes, 7 * i);
          return pack(memory.slice().subarray(7 * i, 7 * i + bytes.length), compression);
        }),
      );
      await pack(new Uint8Array(9000).fill(1), compression);
      for (const [i, bytes] of packed.entries()) {
        expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
        expect(await codecs[compression.kind].decode(bytes)).toEqual(inputs[i]);
      }
    },
  );

  test("Blosc says what it did: shuffled by four, or not at all for single bytes", async () => {
    const flags = async (elementBytes: number) =>
      (await pack(numbers(1), { kind: "blosc", elementBytes })).subarray(2, 4);
    // Bit 0: shuffled by bytes; from bit 5 on: zstd is number 4.
    expect([...(await flags(2))]).toEqual([0x91, 4]);
    expect([...(await flags(1))]).toEqual([0x90, 4]);
  });
});
