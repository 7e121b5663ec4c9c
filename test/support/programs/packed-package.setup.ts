import type { TestProject } from "vitest/node";
import { packPackage } from "./pack-package.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The package as npm would publish it: the file, and the folder that is in it. */
    packed: { tarball: string; folder: string };
  }
}

/** Packs the package once for all tests of it. */
export function setup(project: TestProject): () => void {
  const { tarball, folder, remove } = packPackage();
  project.provide("packed", { tarball, folder });
  return remove;
}
