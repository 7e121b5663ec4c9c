/** Removes what an earlier build left: chunk names change with their contents, and everything in dist is shipped. */
import { rmSync } from "node:fs";

rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
