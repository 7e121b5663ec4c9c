/** Who has the WebAssembly kernels of a thread, and what becomes of them when they break or grow. */

import { DecodeFailure } from "../../src/errors.js";
import { compileKernels, createKernels, instantiateKernels, type Kernels } from "./kernel-instance.js";

/** More memory than this is given back after the file that needed it. */
const keptMemoryBytes = 1 << 25;

/** Kernels that are renewed when they must not be used again. */
export class KernelKeeper {
  #preparing: Promise<void> | undefined;
  #compiled: WebAssembly.Module | undefined;
  #kernels: Kernels | undefined;

  /**
   * Makes the kernels ready. Until it resolves, and for good where WebAssembly or its SIMD is missing or forbidden,
   * there are none. Never rejects; later calls do nothing more.
   */
  prepare(): Promise<void> {
    this.#preparing ??= compileKernels().then((compiled) => {
      this.#compiled = compiled;
      return this.#renew();
    });
    return this.#preparing;
  }

  /** Decodes with the kernels; `undefined` where there are none or where they broke. */
  use<T>(decode: (kernels: Kernels) => T): T | undefined {
    const kernels = this.#kernels;
    if (kernels === undefined) return undefined;
    let broken = true;
    try {
      const decoded = decode(kernels);
      broken = false;
      return decoded;
    } catch (error) {
      // Anything else is a trap or a lack of memory: the instance may be in any state.
      broken = !(error instanceof DecodeFailure);
      if (!broken) throw error;
      return undefined;
    } finally {
      if (broken || kernels.bytes().length > keptMemoryBytes) void this.#renew();
    }
  }

  /** At once if the host allows it (Chrome's main thread once did not), else a moment later. */
  async #renew(): Promise<void> {
    this.#kernels = undefined;
    if (this.#compiled === undefined) return;
    this.#kernels = createKernels(this.#compiled) ?? (await instantiateKernels(this.#compiled));
  }
}

/** The thread's. */
export const threadKernels: KernelKeeper = new KernelKeeper();
