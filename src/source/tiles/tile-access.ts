import type { StackMirror } from "../../stack/mirror/stack-mirror.js";
import type { Stack } from "../../stack/stack.js";
import type { BlockRequestOptions, SourceAccess } from "../block-requests.js";
import type { TileFormat } from "./tile-source.js";
import { TileBlockSource } from "./tile-source.js";

/** Reads the mirrors of a stack as mirrors of tiles, and asks each with its own credentials and headers. */
export function tileAccess(
  stack: Stack,
  options: TileFormat & Omit<BlockRequestOptions, "auth" | "headers">,
  ownOf: (mirror: StackMirror) => Pick<BlockRequestOptions, "auth" | "headers">,
): SourceAccess {
  const { dataType, channel, timeoutMs, missingStatuses, isMissing } = options;
  return {
    sourceOf: (mirror) => new TileBlockSource(stack, mirror, { dataType, channel }),
    requestOptions: (mirror) => ({ ...ownOf(mirror), timeoutMs, missingStatuses, isMissing }),
  };
}
