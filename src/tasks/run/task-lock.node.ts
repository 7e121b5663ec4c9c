import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, readlink, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { NotYetError } from "./task-failure.js";

/** Who holds a lock: a process, of a machine, or of a container of it. */
interface LockHolder {
  /** Of this lock alone. */
  readonly id: string;
  readonly host: string;
  /** In which processes have their numbers: each container has its own. */
  readonly processSpace: string;
  readonly pid: number;
  /** When the process started, by the system: its number may be another's later. */
  readonly start: string;
}

/** Whether a process is on a task. */
export type LockState = "free" | "held" | "stale";

// A disk that is shared tells of a touch within seconds.
const heartbeatMs = 5000;
const silentMs = 60_000;
const waitMs = 500;

/**
 * A file that says that a process is on a task. On one machine the system says whether the process is alive; of one on
 * another machine it is known by the file, which it touches every few seconds. Nothing is lost where two processes are on
 * a task all the same, as both store the same files: a lock spares work.
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

  /** Takes a lock; waits as long as a process that is alive has it. `onWait` is called once when it does. */
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

  /** Aborts where another process is found to have taken the lock. */
  get lost(): AbortSignal {
    return this.#losing.signal;
  }

  /** Throws a `NotYetError` unless the lock is still the one that was taken. */
  async check(): Promise<void> {
    if (!(await this.#isOwn())) {
      this.#losing.abort(new NotYetError("another run has taken the task, as this one was silent for long"));
    }
    this.lost.throwIfAborted();
  }

  /** Gives it back. */
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
      // Whoever has the lock hears of it by the signal.
    }
  }

  async #isOwn(): Promise<boolean> {
    return (await readHolder(this.#path))?.id === this.#id;
  }
}

/** Whether a process has a lock. */
export async function lockState(path: string): Promise<LockState> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return "free";
  const [holder, here] = [await readHolder(path), await thisProcess()];
  if (holder?.host === here.host && holder.processSpace === here.processSpace) {
    return (await startOf(holder.pid)) === holder.start ? "held" : "stale";
  }
  return Date.now() - found.mtimeMs < silentMs ? "held" : "stale";
}

/** Makes a lock, unless there is one. It is whole when it appears. */
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
    // This disk has no second names.
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
 * Removes the lock of a process that is dead. Several may have seen it die. To remove it by its name could remove the lock that
 * the first of them has made since: so it is moved aside, which one of them can, and looked at before it goes.
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
  // It was such a new one. Where it cannot be put back, its process finds that out by its next heartbeat, and ends.
  if (taken?.id !== seen?.id) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as LockHolder;
  } catch {
    // It is just being made, or has just gone.
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

/** When a process started, in the system's words: `"dead"` where there is none, `"alive"` where that is all that is known. */
async function startOf(pid: number): Promise<string> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "dead";
  }
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name of the program, in brackets, may hold anything; the start is the 20th word behind it.
  const words = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [words[0], words[19]];
  if (state === "Z" || state === "X") return "dead";
  return start ?? "alive";
}
