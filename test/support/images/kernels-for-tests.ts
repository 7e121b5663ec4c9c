import { compileKernels, createKernels, type Kernels } from "../../../workers/decode/kernel-instance.js";

/** The kernels. Throws if there are none, so that tests are never skipped. */
export async function kernelsForTests(): Promise<Kernels> {
  const module = await compileKernels();
  const kernels = module && createKernels(module);
  if (!kernels) throw new Error("the kernels cannot be instantiated: run `npm run build:kernels`");
  return kernels;
}
