/** Removes an earlier build. Chunk names change with their contents, and everything in dist is published. */
import { rmSync } from "node:fs";

rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
