import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, readlink, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { NotYetError } from "./task-failure.js";

interface LockHolder {
  /** Random ID of this lock. */
  readonly id: string;
  readonly host: string;
  /** The namespace of process numbers. Each container has its own. */
  readonly processSpace: string;
  readonly pid: number;
  /** When the process started, because the system may reuse its number later. */
  readonly start: string;
}

/** Whether a process holds a lock. A lock is stale if its process is dead or, on another machine, has been silent for long. */
export type LockState = "free" | "held" | "stale";

// On a shared disk, other machines see a heartbeat within seconds.
const heartbeatMs = 5000;
const silentMs = 60_000;
const waitMs = 500;

/**
 * A file that says that a process works on a task. On the same machine, the system knows whether the process is alive. For
 * other machines, the process touches the file every few seconds. If two processes work on a task all the same, nothing is
 * lost, as both store the same files: locks only save work.
 */
export class TaskLock {
  readonly #path: string;
  readonly #id: string;
  readonly #losing = new AbortController();
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(path: string, id: string) {
    this.#path = path;
    this.#id = id;
    this.#heartbeat = setInterval(() => void this.#touch(), heartbeatMs).unref();
  }

  /** Takes a lock. Waits while a living process holds it, and then calls `onWait` once. */
  static async take(path: string, signal: AbortSignal, onWait: () => void): Promise<TaskLock> {
    await mkdir(dirname(path), { recursive: true });
    const holder = await thisProcess();
    for (let isWaiting = false; ; ) {
      signal.throwIfAborted();
      if (await create(path, holder)) return new TaskLock(path, holder.id);
      if ((await lockState(path)) === "stale") {
        await takeAway(path);
        continue;
      }
      if (!isWaiting) onWait();
      isWaiting = true;
      await delay(waitMs, undefined, { signal });
    }
  }

  /** Aborted when this process finds that another has taken the lock. */
  get lost(): AbortSignal {
    return this.#losing.signal;
  }

  /** Throws a `NotYetError` if another process has taken the lock. */
  async check(): Promise<void> {
    if (!(await this.#isOwn())) {
      this.#losing.abort(
        new NotYetError(
          "another run has taken the task, because this run did not update its lock for a minute",
        ),
      );
    }
    this.lost.throwIfAborted();
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    if (await this.#isOwn()) await rm(this.#path, { force: true });
  }

  async #touch(): Promise<void> {
    const now = new Date();
    try {
      await this.check();
      await utimes(this.#path, now, now);
    } catch {
      // If the lock is lost, `check` has aborted the signal. A failed touch is ignored.
    }
  }

  async #isOwn(): Promise<boolean> {
    return (await readHolder(this.#path))?.id === this.#id;
  }
}

export async function lockState(path: string): Promise<LockState> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return "free";
  const [holder, here] = [await readHolder(path), await thisProcess()];
  if (holder?.host === here.host && holder.processSpace === here.processSpace) {
    return (await startOf(holder.pid)) === holder.start ? "held" : "stale";
  }
  return Date.now() - found.mtimeMs < silentMs ? "held" : "stale";
}

/** Makes a lock unless one exists. The lock file appears with its full content. */
async function create(path: string, holder: LockHolder): Promise<boolean> {
  const text = `${JSON.stringify(holder)}\n`;
  const own = `${path}.${holder.id}`;
  await writeFile(own, text, { flag: "wx" });
  try {
    await link(own, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    // This file system has no hard links.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    return createHere(path, text);
  } finally {
    await rm(own, { force: true });
  }
}

async function createHere(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(text).finally(() => file.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes the lock of a dead process. Several processes may try this at once, and removing the lock by its name could remove
 * the lock that the first of them has made since. So the lock is renamed, at which only one process succeeds, and checked
 * before it is removed.
 */
async function takeAway(path: string): Promise<void> {
  const seen = await readHolder(path);
  const aside = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const taken = await readHolder(aside);
  // This was such a new lock. If it cannot be put back, its process notices that at the next heartbeat, and stops.
  if (taken?.id !== seen?.id) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as LockHolder;
  } catch {
    // The file is just being written, or was just removed.
    return undefined;
  }
}

async function thisProcess(): Promise<LockHolder> {
  return {
    id: randomBytes(8).toString("hex"),
    host: hostname(),
    processSpace: await readlink("/proc/self/ns/pid").catch(() => ""),
    pid: process.pid,
    start: await startOf(process.pid),
  };
}

/** When a process started, in the system's notation; `"dead"` if it does not run, `"alive"` if no more is known. */
async function startOf(pid: number): Promise<string> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "dead";
  }
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The program's name is in brackets and may contain anything. The start is the 20th word after it.
  const words = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [words[0], words[19]];
  if (state === "Z" || state === "X") return "dead";
  return start ?? "alive";
}
