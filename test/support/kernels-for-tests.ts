import { compileKernels, createKernels, type Kernels } from "../../workers/decode/kernel-instance.js";

/** The kernels; an error, never a skip, where there are none. */
export async function kernelsForTests(): Promise<Kernels> {
  const module = await compileKernels();
  const kernels = module && createKernels(module);
  if (!kernels) throw new Error("the kernels cannot be instantiated: run `npm run build:kernels`");
  return kernels;
}
