import type {
  VolumeBlock,
  VolumeBox,
  VolumeInfo,
  VolumeReport,
  VolumeWriter,
} from "../../../src/out/volume-writer.js";
import { axesOf, type Triple } from "../../../src/space/axis-order.js";
import { elementOf } from "../../../src/space/data-type.js";

/** What differs between recording writers. */
export interface RecordingWriterOptions {
  readonly chunkShape?: Triple | undefined;
  readonly concurrency?: number | undefined;
  /** Delays each write. */
  readonly pause?: (() => Promise<void>) | undefined;
  /** Whether the writer already has a chunk. */
  readonly has?: ((box: VolumeBox) => boolean) | undefined;
}

/** What a writer is told about a volume, here of no particular stack. */
export function volumeInfo(shape: Triple, changes: Partial<VolumeInfo> = {}): VolumeInfo {
  return {
    shape,
    dataType: "uint8",
    orientation: "zyx",
    resolution: [35, 4, 4],
    projectAxes: axesOf(changes.orientation ?? "zyx"),
    position: [0, 0, 0],
    origin: [0, 0, 0],
    zoomLevel: 0,
    fillValue: elementOf(changes.dataType ?? "uint8", 0),
    isLabels: false,
    stack: { id: 1, title: "stack" },
    mirror: { position: 0, title: "mirror" },
    ...changes,
  };
}

/** A writer that assembles a volume and records how it was called. */
export class RecordingWriter implements VolumeWriter {
  readonly shape: Triple;
  readonly chunkShape?: Triple;
  readonly concurrency?: number;
  readonly has?: (box: VolumeBox) => Promise<boolean>;
  /** The written voxels, dense. */
  readonly data: Uint8Array;
  /** How often each voxel was written. */
  readonly times: Uint8Array;
  readonly boxes: VolumeBox[] = [];
  /** Causes of fill values in a box, by the first voxel of the box. */
  readonly filled: Record<string, readonly string[]> = {};
  /** Boxes for which `has` was called. */
  readonly asked: VolumeBox[] = [];
  info: VolumeInfo | undefined;
  report: VolumeReport | undefined;
  flushes = 0;
  /** The reasons of its aborts. */
  readonly aborts: unknown[] = [];
  /** The largest number of writes that were under way at the same time. */
  mostWriting = 0;
  /** Calls that violated the contract. */
  readonly faults: string[] = [];
  #writing = 0;
  readonly #pause: () => Promise<void>;

  constructor(shape: Triple, { chunkShape, concurrency, pause, has }: RecordingWriterOptions = {}) {
    this.shape = shape;
    if (chunkShape !== undefined) this.chunkShape = chunkShape;
    if (concurrency !== undefined) this.concurrency = concurrency;
    if (has !== undefined) {
      this.has = async (box) => {
        this.#note("has");
        this.asked.push(box);
        return has(box);
      };
    }
    const voxels = shape[0] * shape[1] * shape[2];
    this.data = new Uint8Array(voxels);
    this.times = new Uint8Array(voxels);
    this.#pause = pause ?? (async () => {});
  }

  begin(info: VolumeInfo): void {
    if (this.info !== undefined) this.faults.push("begin came twice");
    this.info = info;
  }

  async write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    this.#note("write");
    this.#writing++;
    if (this.#writing > (this.concurrency ?? 1)) this.faults.push("too many writes at a time");
    this.mostWriting = Math.max(this.mostWriting, this.#writing);
    this.boxes.push(box);
    if (block.filled !== undefined) this.filled[box.lower.join()] = block.filled;
    this.#copy(box, block);
    await this.#pause();
    this.#writing--;
  }

  flush(report: VolumeReport): void {
    this.#note("flush");
    if (this.#writing > 0) this.faults.push("the flush came before the last write had ended");
    this.report = report;
    this.flushes++;
  }

  abort(reason: unknown): void {
    this.#note("abort");
    if (this.#writing > 0) this.faults.push("the abort came while a write was under way");
    this.aborts.push(reason);
  }

  #note(call: string): void {
    if (this.info === undefined) this.faults.push(`${call} came before begin`);
    if (this.flushes + this.aborts.length > 0) this.faults.push(`${call} came after the end`);
  }

  #copy({ lower, upper }: VolumeBox, { data, shape }: VolumeBlock): void {
    const extent = [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
    if (extent.join() !== shape.join()) this.faults.push(`a box of ${extent} came with a block of ${shape}`);
    if (data.length !== shape[0] * shape[1] * shape[2]) this.faults.push("a block has the wrong length");
    let from = 0;
    for (let i = lower[0]; i < upper[0]; i++)
      for (let j = lower[1]; j < upper[1]; j++)
        for (let k = lower[2]; k < upper[2]; k++) {
          const to = (i * this.shape[1] + j) * this.shape[2] + k;
          if (i >= this.shape[0] || j >= this.shape[1] || k >= this.shape[2])
            this.faults.push("a box is too large");
          this.data[to] = Number(data[from++] ?? 0);
          this.times[to] = (this.times[to] ?? 0) + 1;
        }
  }
}
