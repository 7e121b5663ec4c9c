import { describe, expect, it } from "vitest";
import { SampleTileQueue } from "../../../src/sample/sample-tile-queue.node.js";

const waits = () => true;

describe("the sample server's queue of tiles", () => {
  it("makes no file whose client left before its turn, and makes it for one who comes later", async () => {
    const queue = new SampleTileQueue(1000);
    const made: string[] = [];
    let waiting = true;
    const ask = (key: string, isWaiting: () => boolean) =>
      queue.file(key, isWaiting, () => {
        made.push(key);
        waiting = false;
        return Uint8Array.of(made.length);
      });
    const first = ask("first", waits);
    const left = ask("left", () => waiting);
    const last = ask("last", waits);
    expect(await Promise.all([first, left, last])).toEqual([Uint8Array.of(1), undefined, Uint8Array.of(2)]);
    expect(await ask("left", waits)).toEqual(Uint8Array.of(3));
    expect(made).toEqual(["first", "last", "left"]);
    expect(queue.made).toBe(3);
  });

  it("makes a file once for all who ask, while one of them waits", async () => {
    const queue = new SampleTileQueue(1000);
    const ask = (isWaiting: () => boolean) => queue.file("same", isWaiting, () => Uint8Array.of(7));
    const files = await Promise.all([ask(() => false), ask(waits), ask(() => false)]);
    expect(files[1]).toEqual(Uint8Array.of(7));
    expect(await ask(waits)).toBe(files[1]);
    expect(queue.made).toBe(1);
  });

  it("lets the event loop turn before each file", async () => {
    const queue = new SampleTileQueue(1000);
    const order: string[] = [];
    const make = (key: string) => () => {
      order.push(key);
      setImmediate(() => order.push(`after ${key}`));
      return Uint8Array.of(1);
    };
    await Promise.all([queue.file("a", waits, make("a")), queue.file("b", waits, make("b"))]);
    expect(order.slice(0, 3)).toEqual(["a", "after a", "b"]);
  });

  it("goes on after a file that cannot be made", async () => {
    const queue = new SampleTileQueue(1000);
    const failed = queue.file("bad", waits, () => {
      throw new RangeError("cannot");
    });
    const next = queue.file("good", waits, () => Uint8Array.of(1));
    await expect(failed).rejects.toThrow("cannot");
    expect(await next).toEqual(Uint8Array.of(1));
  });
});
