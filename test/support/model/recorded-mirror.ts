import { parseStackOrientation } from "../../../src/space/stack-orientation.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";

/** The mirror that a URL was recorded for. */
export interface RecordedMirror {
  readonly tileSourceType: number;
  readonly imageBase: string;
  readonly fileExtension: string;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly catmaidURL: string;
  readonly project: { readonly id: number };
  readonly stack: { readonly id: number; readonly orientation: unknown };
}

/** Makes our mirror of a recorded one. */
export function recordedMirror(input: RecordedMirror): StackMirror {
  return new StackMirror({
    ...input,
    catmaidUrl: input.catmaidURL,
    projectId: input.project.id,
    stackId: input.stack.id,
    orientation: parseStackOrientation(input.stack.orientation),
  });
}
