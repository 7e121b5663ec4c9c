import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockState, TaskLock } from "../../../src/tasks/run/task-lock.node.js";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  path = join(folder, "tasks", "17.lock");
});
afterEach(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
const take = (onWait = (): void => {}): Promise<TaskLock> => TaskLock.take(path, never, onWait);

/** Puts a lock there that this process would have, but for what is changed. */
async function putLock(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const own = await take();
  const holder = JSON.parse(await readFile(path, "utf8")) as object;
  await own.release();
  await writeFile(path, JSON.stringify({ ...holder, id: "other", ...changes }));
}

async function silentFor(ms: number): Promise<void> {
  const then = new Date(Date.now() - ms);
  await utimes(path, then, then);
}

describe("a lock", () => {
  test("is had by one at a time, of however many who want it", async () => {
    let holders = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      const lock = await take();
      expect(++holders).toBe(1);
      expect(await lockState(path)).toBe("held");
      await lock.check();
      holders--;
      done++;
      await lock.release();
    };
    await Promise.all([work(), work(), work()]);
    expect(done).toBe(3);
    expect(await lockState(path)).toBe("free");
    expect(await readdir(join(folder, "tasks"))).toEqual([]);
  });

  test.each([
    ["of a process that is no more", { pid: 2 ** 22 + 1 }],
    ["of a process that had the number of another", { start: "1" }],
  ])("%s is stale, and taken", async (_, changes) => {
    await putLock(changes);
    expect(await lockState(path)).toBe("stale");
    const lock = await take();
    await lock.check();
    await lock.release();
  });

  test("of another machine, or container, is held as long as it is touched", async () => {
    for (const changes of [{ host: "elsewhere" }, { processSpace: "pid:[1]" }]) {
      await putLock(changes);
      expect(await lockState(path)).toBe("held");
      await silentFor(55_000);
      expect(await lockState(path)).toBe("held");
      await silentFor(65_000);
      expect(await lockState(path)).toBe("stale");
      await (await take()).release();
    }
  });

  test("that cannot be read is one until it has been silent for long", async () => {
    await putLock({});
    await writeFile(path, "{");
    expect(await lockState(path)).toBe("held");
    await silentFor(65_000);
    await (await take()).release();
    expect(await lockState(path)).toBe("free");
  });

  test("that was taken away is not one's own any more, and left to the other", async () => {
    const first = await take();
    await rm(path);
    const second = await take();
    await expect(first.check()).rejects.toMatchObject({ name: "NotYetError" });
    expect(first.lost.aborted).toBe(true);
    await first.release();
    await second.check();
    expect(await lockState(path)).toBe("held");
    await second.release();
  });

  test("is waited for, until that is not wanted any more", async () => {
    const first = await take();
    const controller = new AbortController();
    const waiting = TaskLock.take(path, controller.signal, () => controller.abort(new Error("enough")));
    await expect(waiting).rejects.toThrow();
    await first.check();
    await first.release();
  });
});
