import { expect, test } from "vitest";
import { FileLog } from "../../../src/out/chunked/log/file-log.js";
import { MemoryStore } from "../../../src/out/store/memory-store.js";

const file = (path: string) => ({ path, bytes: 3, xxh32: 7 });

test("a line that was torn when its process was killed costs that file alone, and none that comes after it", async () => {
  const store = new MemoryStore();
  const log = await FileLog.create(store);
  await log.add(file("a"));
  await log.add(file("b"));
  await log.stored();
  const [path = ""] = store.paths;
  const whole = (await store.get(path)) ?? new Uint8Array(0);
  await store.put(path, whole.slice(0, -5));
  const resumed = await FileLog.read(store);
  expect([...resumed.files]).toEqual([file("a")]);
  await resumed.add(file("c"));
  await resumed.stored();
  expect([...(await FileLog.read(store)).files]).toEqual([file("a"), file("c")]);
});

test("what the store refuses is heard of while files are added, and not at the end alone", async () => {
  const store = new MemoryStore();
  const log = await FileLog.create(store);
  store.append = () => Promise.reject(new Error("no room"));
  const added = async (): Promise<void> => {
    for (let i = 0; i < 100; i++) await log.add(file(`${i}`));
  };
  await expect(added()).rejects.toThrow("no room");
  await expect(log.stored()).rejects.toThrow("no room");
});

test("a file that is about to be replaced is in it no more, until it is added again", async () => {
  const store = new MemoryStore();
  const log = await FileLog.create(store);
  for (const path of ["b", "a"]) await log.add(file(path));
  await log.forget("b");
  expect([...(await FileLog.read(store)).files]).toEqual([file("a")]);
  await log.add(file("b"));
  await log.complete();
  expect([...(await FileLog.read(store)).files]).toEqual([file("a"), file("b")]);
});
