/** Keeps the WebAssembly kernels of a thread, and renews them when they break or grow. */

import { DecodeFailure } from "../../src/errors.js";
import { compileKernels, createKernels, instantiateKernels, type Kernels } from "./kernel-instance.js";

/** If a file needed more memory than this, the kernels are renewed after it to free the memory. */
const keptMemoryBytes = 1 << 25;

/** Kernels that are renewed when they must not be used again. */
export class KernelKeeper {
  #preparing: Promise<void> | undefined;
  #compiled: WebAssembly.Module | undefined;
  #kernels: Kernels | undefined;

  /**
   * Makes the kernels ready. Until the promise resolves there are none; if WebAssembly or its SIMD is missing or
   * forbidden, there never are. Never rejects. Later calls do nothing more.
   */
  prepare(): Promise<void> {
    this.#preparing ??= compileKernels().then((compiled) => {
      this.#compiled = compiled;
      return this.#renew();
    });
    return this.#preparing;
  }

  /** Decodes with the kernels; `undefined` if there are none, or if they broke. */
  use<T>(decode: (kernels: Kernels) => T): T | undefined {
    const kernels = this.#kernels;
    if (kernels === undefined) return undefined;
    let broken = true;
    try {
      const decoded = decode(kernels);
      broken = false;
      return decoded;
    } catch (error) {
      // Any other error is a trap or a lack of memory, and the instance may be in any state.
      broken = !(error instanceof DecodeFailure);
      if (!broken) throw error;
      return undefined;
    } finally {
      if (broken || kernels.bytes().length > keptMemoryBytes) void this.#renew();
    }
  }

  /** Renews the kernels at once if the host allows it (Chrome's main thread once did not), otherwise a moment later. */
  async #renew(): Promise<void> {
    this.#kernels = undefined;
    if (this.#compiled === undefined) return;
    this.#kernels = createKernels(this.#compiled) ?? (await instantiateKernels(this.#compiled));
  }
}

/** The kernels of this thread. */
export const threadKernels: KernelKeeper = new KernelKeeper();
