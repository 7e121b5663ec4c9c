import { InvalidStackError } from "../../errors.js";
import { refuseUnknown } from "../../options/check-option.js";
import { lenientNumber } from "../lenient-number.js";
import type { Auth } from "./auth.js";
import type { UnreadExtent } from "./mirror-extent.js";
import { readExtent } from "./mirror-extent.js";
import type { StackMirrorContext, StackMirrorJson, StackMirrorOptions } from "./mirror-options.js";

const mirrorContextNames: ReadonlySet<string> = new Set([
  "catmaidUrl",
  "projectId",
  "stackId",
  "orientation",
  "settings",
  "auth",
]);

/** The options of a mirror, and its extent if that cannot be read. */
export interface ReadMirror {
  readonly options: StackMirrorOptions;
  readonly unread: UnreadExtent | undefined;
}

/** Reads an entry of `mirrors` in a stack info. Throws an `InvalidStackError` if it is not an object. */
export function readMirror(
  json: unknown,
  context: StackMirrorContext & { readonly auth?: Auth },
): ReadMirror {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new InvalidStackError("a mirror of a stack info must be an object");
  }
  refuseUnknown(context, mirrorContextNames, "StackMirror.fromJSON");
  const entry = json as Partial<Record<keyof StackMirrorJson, unknown>>;
  const position = lenientNumber(entry.position);
  const { extent, unread } = readExtent(entry);
  const options = {
    ...context,
    ...extent,
    imageBase: textOf(entry.image_base),
    fileExtension: textOf(entry.file_extension),
    tileWidth: lenientNumber(entry.tile_width),
    tileHeight: lenientNumber(entry.tile_height),
    tileSourceType: lenientNumber(entry.tile_source_type),
    title: textOf(entry.title),
    position: Number.isNaN(position) ? 0 : position,
    id: typeof entry.id === "number" || typeof entry.id === "string" ? entry.id : null,
  };
  return { options, unread };
}

/** A string, or a number as one. Anything else becomes an empty string. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
