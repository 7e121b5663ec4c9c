import type { StackMirror } from "../../stack/mirror/stack-mirror.js";
import type { Stack } from "../../stack/stack.js";
import type { Ask, BlockSource } from "../block-source.js";

/** STUB until the branch is merged. */
export async function openPrecomputed(
  _stack: Stack,
  _mirror: StackMirror,
  _options: { readonly channel: number | undefined },
  _ask: Ask,
  _signal: AbortSignal,
): Promise<BlockSource> {
  throw new Error("not yet");
}
