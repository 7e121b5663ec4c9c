import type { TestProject } from "vitest/node";
import { packPackage } from "../support/packed-package.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the package is, as npm packs it. */
    tarball: string;
  }
}

/** Packs the package once for all consumers. */
export function setup(project: TestProject): () => void {
  const packed = packPackage();
  project.provide("tarball", packed.tarball);
  return () => packed.remove();
}
