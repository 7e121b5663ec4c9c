import { InvalidOutError } from "../../errors.js";
import type { Triple } from "../../space/axis-order.js";
import type { Pack, WriterTools } from "../pack.js";
import { packingOf } from "../packing.js";
import type { VolumeBlock, VolumeBox, VolumeInfo, VolumeWriter } from "../volume-writer.js";
import type { ChunkedExport } from "./chunked-export.js";
import { unitAt } from "./unit-grid.js";

/** Takes one level of an export. */
export class LevelWriter implements VolumeWriter {
  readonly shape: Triple;
  readonly chunkShape: Triple;
  readonly concurrency = 4;
  has?: (box: VolumeBox) => Promise<boolean>;
  readonly #export: ChunkedExport;
  readonly #level: number;
  #tools: { readonly pack: Pack; readonly signal: AbortSignal } | undefined;

  constructor(ongoing: ChunkedExport, level: number) {
    const { shape, unitShape } = ongoing.layout(level);
    this.shape = shape;
    this.chunkShape = unitShape;
    this.#export = ongoing;
    this.#level = level;
    if (ongoing.isResumed) this.has = (box) => ongoing.has(level, this.#at(box));
  }

  begin(_info: VolumeInfo, tools: WriterTools): void {
    this.#tools = { pack: packingOf(tools), signal: tools.signal };
  }

  async write(box: VolumeBox, block: VolumeBlock): Promise<void> {
    await this.#export.write(this.#level, this.#at(box), block, this.#begun().pack);
  }

  async flush(): Promise<void> {
    const { pack, signal } = this.#begun();
    await this.#export.finishLevel(this.#level, pack, signal);
  }

  async abort(): Promise<void> {
    await this.#export.abort();
  }

  #at(box: VolumeBox): Triple {
    return unitAt({ shape: this.shape, unitShape: this.chunkShape }, box.lower);
  }

  #begun(): { readonly pack: Pack; readonly signal: AbortSignal } {
    if (this.#tools === undefined) throw notBegun();
    return this.#tools;
  }
}

/** A writer was used before the fetcher said what the volume is. */
export function notBegun(): InvalidOutError {
  return new InvalidOutError("the writer was not told to begin a volume");
}
