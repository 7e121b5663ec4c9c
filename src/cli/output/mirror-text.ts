import { isCatmaidImageError } from "../../errors.js";
import type { ImageFetcher, MirrorDescription, MirrorLevel, StackMirror } from "../../index.js";
import { messageText } from "./message-text.js";

/** The contents of a mirror of blocks, or why they cannot be read. `undefined` for a mirror of tiles. */
export type BlocksOf = Omit<MirrorDescription, "mirror"> | { readonly problem: string } | undefined;

/** Reads the metadata of a mirror of blocks. */
export async function blocksOf(
  fetcher: Pick<ImageFetcher, "describeMirror">,
  mirror: StackMirror,
  signal: AbortSignal,
): Promise<BlocksOf> {
  if (mirror.blockFormat === undefined || !mirror.isSupported) return undefined;
  try {
    const { mirror: _itself, ...description } = await fetcher.describeMirror(mirror, { signal });
    return description;
  } catch (error) {
    if (!isCatmaidImageError(error)) throw error;
    return { problem: messageText(error.message) };
  }
}

/** Describes a mirror's blocks in lines. Levels that are alike share a line. */
export function blockLines(blocks: BlocksOf): string[] {
  if (blocks === undefined) return [];
  if ("problem" in blocks) return [`cannot be read: ${blocks.problem}`];
  const runs: { readonly text: string; readonly first: number; last: number }[] = [];
  for (const level of blocks.levels) {
    const text = "problem" in level ? messageText(level.problem) : levelText(level, blocks.isLabels);
    const run = runs[runs.length - 1];
    if (run?.text === text) run.last = level.zoomLevel;
    else runs.push({ text, first: level.zoomLevel, last: level.zoomLevel });
  }
  const levels = runs.map(
    ({ text, first, last }) => `zoom ${first === last ? first : `${first} to ${last}`}: ${text}`,
  );
  return [...levels, ...blocks.warnings.map(messageText)];
}

function levelText({ dataType, blockShape, encoding, sharded }: MirrorLevel, isLabels: boolean): string {
  const [z, y, x] = blockShape;
  const parts = [
    `${dataType}${isLabels ? " labels" : ""}`,
    `blocks of ${x} × ${y} × ${z} (x, y, z)`,
    encoding,
    ...(sharded ? ["in shards"] : []),
  ];
  return parts.join(", ");
}
