import { isTileError } from "../../errors.js";
import { type BlockAddress, originPattern } from "../../stack/mirror/block-address.js";
import type { Ask } from "../block-source.js";
import { type N5Attributes, readAttributes } from "./n5-attributes.js";

/** The folders that hold the levels of a dataset. */
export interface N5Folders {
  /** URL of the container's root; `undefined` where none was found. */
  readonly root: string | undefined;
  /** The attributes of the folders that have some, from the levels upwards to the root. */
  readonly attributes: readonly N5Attributes[];
  /** The error that ended the search, if one did. There may be attributes that were not read. */
  readonly failure: Error | undefined;
}

// No container is deeper. A deeper path leads nowhere.
const mostFolders = 16;

/**
 * Looks for the root of an N5 container, whose attributes name a version. As in CATMAID, the search goes from the
 * folder of the levels upwards to the origin. Blocks are found without a root, but attributes of the folders apply to
 * the levels too.
 */
export async function readFolders(address: BlockAddress, ask: Ask, signal: AbortSignal): Promise<N5Folders> {
  const attributes: N5Attributes[] = [];
  let folder = startOf(address);
  for (let count = 0; folder !== undefined && count < mostFolders; count++) {
    const url: string = `${folder}/attributes.json${address.query}`;
    try {
      const found = await readAttributes(ask, url, "the attributes of a folder", signal);
      if ("attributes" in found) {
        attributes.push(found.attributes);
        if (typeof found.attributes["n5"] === "string")
          return { root: folder, attributes, failure: undefined };
      }
    } catch (error) {
      if (!isTileError(error)) throw error;
      // Stores that do not list their files answer "forbidden" for files that do not exist. After any other error the
      // search ends.
      if (error.status < 400 || error.status >= 500) return { root: undefined, attributes, failure: error };
    }
    folder = parentOf(folder);
  }
  return { root: undefined, attributes, failure: undefined };
}

/** The part of the path before the level, or before the dataset, which may be the container's only one. */
function startOf({ before, hasLevels }: BlockAddress): string | undefined {
  return hasLevels ? parentOf(before) : before;
}

function parentOf(folder: string): string | undefined {
  const end = folder.lastIndexOf("/");
  const origin = originPattern.exec(folder)?.[0] ?? "";
  return end < origin.length ? undefined : folder.slice(0, end);
}
