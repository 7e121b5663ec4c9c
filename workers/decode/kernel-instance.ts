/**
 * An instance of the WebAssembly kernels, with its memory.
 *
 * Memory, from low to high: the module's static data up to `heapBase()`, then the regions that {@link Kernels.reserve}
 * hands out anew for each file: input, output, work. Each begins at a multiple of 16. It is followed by 64 bytes that a
 * kernel may read and overwrite, so that wide loads and stores need no special case at the end.
 */

import { unpackKernels } from "#unpack-kernels";
import { packedKernels } from "../generated/kernels.js";

/** Spare bytes after each region. */
const regionSlack = 64;

/** What the module exports (`kernels/index.ts`). Pointers and sizes are in bytes. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  /** First byte above the static data. */
  heapBase(): number;
  /** CRC-32 as in PNG, as a signed number. */
  crc32(start: number, size: number): number;
  /** Adler-32, as a signed number. */
  adler32(start: number, size: number): number;
  /**
   * Inflates the zlib stream `[start, end)` to between `least` and `most` bytes at `target`, and checks its Adler-32.
   * Up to 288 bytes after `most` are overwritten, and up to 32 after `end` are read. Returns 0, or the number of a
   * failure (`inflate/inflate-failure.ts`).
   */
  inflateZlib(start: number, end: number, target: number, least: number, most: number): number;
  /** The same for a deflate stream at the beginning of `[start, end)`, which has no checksum. */
  inflate(start: number, end: number, target: number, least: number, most: number): number;
  /** First byte after the deflate stream that was inflated last. */
  deflateEnd(): number;
  /** First byte after the output of that stream. */
  inflatedEnd(): number;
  /**
   * Undoes the filters of `rows` PNG rows. Up to 16 rows after the source are read; `rowBytes` + 16 bytes before the
   * target and 16 after it are overwritten. Returns 0 if a filter does not exist, otherwise 1.
   */
  unfilter(source: number, target: number, rowBytes: number, rows: number, pixelBytes: number): number;
  /** Decodes a sequential JPEG scan to grey. `kernels/jpeg.ts` describes the arguments. */
  decodeJpegScan(
    data: number,
    length: number,
    out: number,
    work: number,
    across: number,
    down: number,
    interval: number,
    h: number,
    v: number,
    colours: number,
    width: number,
    height: number,
  ): number;
}

/** Where one file's regions begin. */
export interface KernelRegions {
  readonly input: number;
  readonly output: number;
  readonly work: number;
}

/** An instance of the kernels. After a trap it must not be used again. */
export interface Kernels {
  /** The functions. */
  readonly exports: KernelExports;
  /** A view of the whole memory, valid until the next {@link Kernels.reserve}. */
  bytes(): Uint8Array<ArrayBuffer>;
  /** Makes room for a file and returns its regions, with undefined contents. Throws a RangeError if memory is short. */
  reserve(inputBytes: number, outputBytes: number, workBytes: number): KernelRegions;
}

/** Compiles the kernels; `undefined` if WebAssembly or SIMD is missing or forbidden. */
export async function compileKernels(): Promise<WebAssembly.Module | undefined> {
  try {
    return await WebAssembly.compile(await unpackKernels(packedKernels));
  } catch {
    return undefined;
  }
}

/** Instantiates compiled kernels; `undefined` if the host refuses. */
export async function instantiateKernels(module: WebAssembly.Module): Promise<Kernels | undefined> {
  try {
    return kernelsOf(await WebAssembly.instantiate(module));
  } catch {
    return undefined;
  }
}

/** Instantiates compiled kernels synchronously, which some hosts allow only for small modules. */
export function createKernels(module: WebAssembly.Module): Kernels | undefined {
  try {
    return kernelsOf(new WebAssembly.Instance(module));
  } catch {
    return undefined;
  }
}

function kernelsOf(instance: WebAssembly.Instance): Kernels {
  const exports = instance.exports as unknown as KernelExports;
  const { memory } = exports;
  const input = align(exports.heapBase());
  let view = new Uint8Array(memory.buffer);
  return {
    exports,
    bytes: () => view,
    reserve(inputBytes, outputBytes, workBytes) {
      const output = align(input + inputBytes + regionSlack);
      const work = align(output + outputBytes + regionSlack);
      const missing = align(work + workBytes + regionSlack) - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
      if (view.buffer !== memory.buffer) view = new Uint8Array(memory.buffer);
      return { input, output, work };
    },
  };
}

const pageBytes = 65536;

function align(address: number): number {
  return Math.ceil(address / 16) * 16;
}
