import { type Remote, transfer, wrap } from "comlink";
import type { BlockJob, WorkerAnswer, WorkerApi } from "../../workers/protocol.js";
import { thrownError } from "../errors.js";
import { OpenJobs } from "./open-jobs.js";
import { isWorkerAnswer } from "./worker-answer-check.js";
import type { WorkerHandle } from "./worker-handle.js";

/** A job was lost with its worker. The job may not be the cause, so it is done again elsewhere. */
export class WorkerLostError extends Error {
  override readonly name = "WorkerLostError";
  /** Whether the worker had ever been ready, and may have seen the job. */
  readonly wasReady: boolean;

  constructor(message: string, wasReady: boolean, cause?: unknown) {
    super(message, { cause });
    this.wasReady = wasReady;
  }
}

/** What a client tells its pool, and its time limits. */
export interface WorkerClientOptions {
  /** Limit for the handshake, in ms. */
  readonly handshakeTimeoutMs: number;
  /** After so many ms of silence, a busy worker is asked for a sign of life; after as many again it is given up. */
  readonly hungAfterMs: number;
  /** The worker has answered the handshake. */
  onReady(): void;
  /** The worker is gone, with all its jobs. Called once. */
  onLost(client: WorkerClient, cause: Error, wasReady: boolean): void;
}

/** One worker and the jobs it is doing. Several are in flight at once, so that network waits overlap. */
export class WorkerClient {
  readonly #handle: WorkerHandle;
  readonly #remote: Remote<WorkerApi>;
  /** Looked up once: each look-up makes a proxy, which Comlink tracks until it is garbage-collected. */
  readonly #runThere: Remote<WorkerApi>["run"];
  readonly #options: WorkerClientOptions;
  readonly #jobs = new OpenJobs();
  #nextId = 1;
  #ready = false;
  readonly #whenReady: Promise<void>;
  #gone = false;
  #retired = false;
  #held = false;
  #handshakeTimer: ReturnType<typeof setTimeout> | undefined;
  #watchTimer: ReturnType<typeof setTimeout> | undefined;
  /** Counts what arrives from the worker, so that the watch can tell silence. */
  #signs = 0;

  constructor(handle: WorkerHandle, options: WorkerClientOptions) {
    this.#handle = handle;
    this.#options = options;
    handle.onFailure((cause) => this.#lose(cause));
    this.#remote = wrap<WorkerApi>(handle.endpoint);
    this.#runThere = this.#remote.run;
    // Only after `wrap`: listening for messages refs a Node worker again.
    handle.unref();
    this.#whenReady = new Promise((resolve) => this.#shakeHands(resolve));
  }

  /** Number of jobs that the worker is doing. */
  get load(): number {
    return this.#jobs.size;
  }

  /** Whether it has answered the handshake. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Whether it is lost or closed. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Runs a job; rejects with a {@link WorkerLostError} if the worker is lost, with `signal.reason` on abort. */
  async run(job: BlockJob, signal: AbortSignal): Promise<WorkerAnswer> {
    if (this.#gone) throw new WorkerLostError("the worker is gone", false);
    const id = this.#nextId++;
    const done = this.#jobs.run(signal, () => this.#send(id, job, signal));
    this.#holdProcess();
    this.#watch();
    try {
      return await done;
    } finally {
      if (signal.aborted) this.#cancel(id);
      this.#holdProcess();
      if (this.#retired) this.retire();
    }
  }

  /** Ends the worker when its jobs are done; it must get no more. */
  retire(): void {
    this.#retired = true;
    if (this.#jobs.size === 0) this.close(new WorkerLostError("the worker is retired", true)).catch(() => {});
  }

  /** Ends the worker; its jobs reject with the reason. */
  close(reason: Error): Promise<void> {
    return this.#end(reason);
  }

  async #send(id: number, job: BlockJob, signal: AbortSignal): Promise<WorkerAnswer> {
    // Waits for the handshake: a job that crashes a worker at once must not look like a worker that cannot be started.
    if (!this.#ready) await this.#whenReady;
    signal.throwIfAborted();
    let result: unknown;
    try {
      result = await this.#runThere(id, job.body === undefined ? job : withOwnBody(job, job.body));
    } catch (cause) {
      throw new WorkerLostError(
        `the worker could not take the job: ${thrownError(cause).message}`,
        true,
        cause,
      );
    }
    this.#signs += 1;
    if (isWorkerAnswer(result, job)) return result;
    const nonsense = new Error("the worker sent something that is no tile");
    this.#lose(nonsense);
    throw new WorkerLostError(nonsense.message, true);
  }

  #cancel(id: number): void {
    if (!this.#gone) this.#remote.cancel(id).catch(() => {});
  }

  #shakeHands(whenReady: () => void): void {
    const limit = this.#options.handshakeTimeoutMs;
    this.#handshakeTimer = setTimeout(
      () => this.#lose(new Error(`the worker did not report ready within ${limit} ms`)),
      limit,
    );
    letProcessEnd(this.#handshakeTimer);
    this.#remote.ready().then(
      () => {
        clearTimeout(this.#handshakeTimer);
        if (this.#gone) return;
        this.#ready = true;
        this.#options.onReady();
        whenReady();
        this.#watch();
      },
      (cause: unknown) =>
        this.#lose(new Error(`the worker refused the handshake: ${thrownError(cause).message}`, { cause })),
    );
  }

  /** Watches, while there are jobs, whether the worker's event loop still turns. */
  #watch(): void {
    if (this.#watchTimer !== undefined || this.#gone || !this.#ready || this.#jobs.size === 0) return;
    this.#arm(false);
  }

  #arm(asked: boolean): void {
    const signsBefore = this.#signs;
    const limit = this.#options.hungAfterMs;
    this.#watchTimer = setTimeout(() => {
      this.#watchTimer = undefined;
      if (this.#gone || this.#jobs.size === 0) return;
      if (this.#signs !== signsBefore) {
        this.#arm(false);
      } else if (asked) {
        this.#lose(new Error(`the worker hung: no sign of life for ${2 * limit} ms`));
      } else {
        this.#askForSign();
        this.#arm(true);
      }
    }, limit);
    letProcessEnd(this.#watchTimer);
  }

  #askForSign(): void {
    this.#remote.ready().then(
      () => {
        this.#signs += 1;
      },
      () => {},
    );
  }

  /** On Node, a worker with jobs keeps the process alive and an idle one does not. */
  #holdProcess(): void {
    const busy = this.#jobs.size > 0;
    // A worker that is being ended holds the process until its end, so that close() can be awaited.
    if (this.#gone || busy === this.#held) return;
    this.#held = busy;
    if (busy) this.#handle.ref();
    else this.#handle.unref();
  }

  #lose(cause: Error): void {
    if (this.#gone) return;
    const wasReady = this.#ready;
    this.#end(new WorkerLostError(cause.message, wasReady, cause)).catch(() => {});
    this.#options.onLost(this, cause, wasReady);
  }

  async #end(reason: Error): Promise<void> {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#handshakeTimer);
    clearTimeout(this.#watchTimer);
    this.#jobs.rejectAll(reason);
    await this.#handle.terminate();
  }
}

/** The job with a copy of its body to transfer: the caller's own array would be cloned with its whole buffer. */
function withOwnBody(job: BlockJob, body: Uint8Array): BlockJob {
  const copy = new Uint8Array(body);
  return transfer({ ...job, body: copy }, [copy.buffer]);
}

/** A timer must not keep a Node process alive; a browser's timer is a number and does not. */
function letProcessEnd(timer: unknown): void {
  (timer as { unref?: () => void }).unref?.();
}
