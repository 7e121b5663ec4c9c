/** Entry of the WebAssembly module (AssemblyScript): its exports are the functions of `../kernel-instance.ts`. */

export { heapBase } from "./memory";
