/** Entry of the WebAssembly module (AssemblyScript): its exports are the functions of `../kernel-instance.ts`. */

export { deflateEnd, inflate, inflatedEnd, inflateZlib } from "./inflate";
export { adler32 } from "./inflate-adler";
export { decodeJpegScan } from "./jpeg";
export { heapBase } from "./memory";
export { crc32 } from "./png-crc";
export { unfilter } from "./png-unfilter";
