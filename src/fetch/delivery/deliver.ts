import { withAnySignal } from "../../concurrency/linked-signal.js";
import { Permits } from "../../concurrency/permits.js";
import { ThreadTurn } from "../../concurrency/thread-turn.js";
import { untilAborted } from "../../concurrency/until-aborted.js";
import type { VolumeBox, VolumeInfo } from "../../out/volume-writer.js";
import type { PackBytes } from "../../pool/pack-bytes.js";
import type { Triple } from "../../space/axis-order.js";
import { reorder } from "../../space/axis-order.js";
import type { Voxels } from "../../space/data-type.js";
import { createVoxels } from "../../space/data-type.js";
import type { ScaledBox } from "../../space/scaled-box.js";
import type { Portion } from "../fetch-region.js";
import type { FetchReport } from "../fetch-report.js";
import type { PortionPlan } from "./portion-plan.js";
import { shapeOf, WriterPortion } from "./writer-portion.js";
import { writerTools } from "./writer-tools.js";

// Exported from here so that all code for writers is loaded as one chunk, with the first writer.
export { planPortions } from "./portion-plan.js";

/** A volume that goes to a writer. */
export interface DeliveryRequest {
  readonly info: VolumeInfo;
  /** Compresses for the writer. */
  readonly packBytes: PackBytes;
  /** z, y, x. */
  readonly region: ScaledBox;
  /** The writer, how the volume is cut for it, and how much memory the portions may take. */
  readonly portionPlan: PortionPlan;
  /** Fetches the portions, in their order. */
  fetch(portions: Iterable<Portion>, signal: AbortSignal): Promise<void>;
  /** Makes the report when all portions are written. */
  report(): FetchReport;
}

/**
 * Delivers a volume to a writer. Calls `begin`, then `write` while the volume is fetched, then `flush`; if anything
 * fails, `abort`. After a failure it first waits until no call of the writer is under way. If `signal` aborts, it
 * rejects at once.
 */
export async function deliver(request: DeliveryRequest, signal: AbortSignal): Promise<FetchReport> {
  signal.throwIfAborted();
  const { writer } = request.portionPlan;
  const failing = new AbortController();
  const writing = withAnySignal([signal, failing.signal], (inner) =>
    new Delivery(request, failing, inner).run(signal),
  );
  let underWay: Promise<unknown> = writing;
  try {
    const report = await untilAborted(writing, signal);
    // An abort during `flush` waits for its end: the complete file may be in its place already.
    underWay = (async () => writer.flush?.(report))();
    await underWay;
    return report;
  } catch (error) {
    const ended = underWay.catch(() => {}).then(() => writer.abort?.(error));
    await untilAborted(ended, signal).catch(() => {});
    throw error;
  }
}

class Delivery {
  readonly #request: DeliveryRequest;
  readonly #failing: AbortController;
  readonly #signal: AbortSignal;
  readonly #turn: ThreadTurn;
  readonly #writes: Permits;
  readonly #memories: Permits;
  readonly #spareMemory: Voxels[] = [];
  /** Calls of the writer that are under way. These promises never reject. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(request: DeliveryRequest, failing: AbortController, signal: AbortSignal) {
    this.#request = request;
    this.#failing = failing;
    this.#signal = signal;
    this.#turn = new ThreadTurn(signal);
    this.#writes = new Permits(request.portionPlan.concurrency);
    this.#memories = new Permits(request.portionPlan.memories);
  }

  /** @param flushSignal - Given to the writer. It stays in force longer than the fetch: until `flush` has ended. */
  async run(flushSignal: AbortSignal): Promise<FetchReport> {
    const { info, portionPlan, packBytes, fetch, report } = this.#request;
    await portionPlan.writer.begin?.(info, writerTools(packBytes, flushSignal));
    this.#signal.throwIfAborted();
    try {
      await fetch(this.#portions(), this.#signal);
    } catch (error) {
      this.#failing.abort(error);
      throw error;
    } finally {
      while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    }
    this.#signal.throwIfAborted();
    return report();
  }

  *#portions(): Generator<Portion> {
    const { info, portionPlan } = this.#request;
    const { orientation, fillValue } = info;
    const { writer, chunkShape, portions } = portionPlan;
    const context = {
      orientation,
      chunkShape: chunkShape && reorder(chunkShape, orientation, "zyx"),
      fillValue,
      turn: this.#turn,
      takeMemory: () => this.#takeMemory(),
      giveMemory: (memory: Voxels) => this.#giveMemory(memory),
      has: writer.has && ((chunk: ScaledBox) => this.#has(chunk)),
      write: (chunk: ScaledBox, data: Voxels, filled: ReadonlySet<string>) =>
        this.#noted(this.#write(chunk, data, filled)),
    };
    for (const box of portions.boxes()) yield new WriterPortion(box, context);
  }

  async #has(chunk: ScaledBox): Promise<boolean> {
    const asked = (async () => this.#request.portionPlan.writer.has?.(this.#toOutput(chunk)))();
    this.#noted(asked.catch(() => {}));
    return (await asked) ?? false;
  }

  async #write(chunk: ScaledBox, data: Voxels, filled: ReadonlySet<string>): Promise<void> {
    await this.#writes.take();
    try {
      while (this.#turn.over) await this.#turn.pass();
      this.#signal.throwIfAborted();
      const { portionPlan, info } = this.#request;
      await portionPlan.writer.write(this.#toOutput(chunk), {
        data,
        shape: shapeOf(chunk, info.orientation),
        ...(filled.size > 0 && { filled: [...filled] }),
      });
    } catch (error) {
      this.#failing.abort(error);
    } finally {
      this.#writes.give();
    }
  }

  async #noted(call: Promise<unknown>): Promise<void> {
    this.#underWay.add(call);
    await call;
    this.#underWay.delete(call);
  }

  /** Reuses the memory of finished portions: fresh pages take time, and dropped memory stays until it is collected. */
  async #takeMemory(): Promise<Voxels> {
    await this.#memories.take();
    const { info, portionPlan } = this.#request;
    return this.#spareMemory.pop() ?? createVoxels(info.dataType, portionPlan.portions.longestVoxels);
  }

  #giveMemory(memory: Voxels): void {
    // A writer may have transferred the memory, although it should not.
    if (memory.byteLength > 0) this.#spareMemory.push(memory);
    this.#memories.give();
  }

  #toOutput({ lower, upper }: ScaledBox): VolumeBox {
    const { region, info } = this.#request;
    const relative = (corner: Triple): Triple => {
      const [z, y, x] = region.lower;
      return reorder([corner[0] - z, corner[1] - y, corner[2] - x], "zyx", info.orientation);
    };
    return { lower: relative(lower), upper: relative(upper) };
  }
}
