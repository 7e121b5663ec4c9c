import type { VolumeBlock, VolumeBox, VolumeWriter } from "../../src/out/volume-writer.js";
import type { Triple } from "../../src/space/axis-order.js";

/** A writer that puts a volume together and remembers how it was called. */
export class RecordingWriter implements VolumeWriter {
  readonly shape: Triple;
  readonly chunkShape?: Triple;
  /** What was written, dense. */
  readonly data: Uint8Array;
  /** How often each voxel was written. */
  readonly times: Uint8Array;
  readonly boxes: VolumeBox[] = [];
  flushes = 0;
  /** What was done against the contract. */
  readonly faults: string[] = [];
  #writing = false;
  readonly #pause: () => Promise<void>;

  /** @param pause - What each write waits for. */
  constructor(shape: Triple, chunkShape?: Triple, pause: () => Promise<void> = async () => {}) {
    this.shape = shape;
    if (chunkShape !== undefined) this.chunkShape = chunkShape;
    const voxels = shape[0] * shape[1] * shape[2];
    this.data = new Uint8Array(voxels);
    this.times = new Uint8Array(voxels);
    this.#pause = pause;
  }

  async write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    if (this.#writing) this.faults.push("a write began before the one before it had ended");
    if (this.flushes > 0) this.faults.push("a write came after the flush");
    this.#writing = true;
    this.boxes.push(box);
    this.#copy(box, block);
    await this.#pause();
    this.#writing = false;
  }

  flush(): void {
    if (this.#writing) this.faults.push("the flush came before the last write had ended");
    this.flushes++;
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
          this.data[to] = Number(data[from++]);
          this.times[to] = (this.times[to] ?? 0) + 1;
        }
  }
}
