import { isTileError } from "../../errors.js";
import { type BlockAddress, originPattern } from "../../stack/mirror/block-address.js";
import type { Ask } from "../block-source.js";
import { type N5Attributes, readAttributes } from "./n5-attributes.js";

/** The folders that hold the levels of a dataset. */
export interface N5Folders {
  /** URL of the container's root; `undefined` where none was found. */
  readonly root: string | undefined;
  /** The attributes of those that have some, from the levels upwards to the root. */
  readonly attributes: readonly N5Attributes[];
  /** Why there may be attributes that were not read. */
  readonly failure: Error | undefined;
}

// Deeper than any container: what looks so is a path that goes nowhere.
const mostFolders = 16;

/**
 * Looks for the root of an N5 container, whose attributes name a version, from the folder of the levels upwards to the
 * origin, as CATMAID does. Blocks are found without a root; but what the folders say of their datasets holds for the
 * levels too.
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
      // Stores that do not list their files say "forbidden" of what is not there. Others are not troubled again.
      if (error.status < 400 || error.status >= 500) return { root: undefined, attributes, failure: error };
    }
    folder = parentOf(folder);
  }
  return { root: undefined, attributes, failure: undefined };
}

/** The part of the path before the level, or the dataset, which may be a container's only one. */
function startOf({ before, hasLevels }: BlockAddress): string | undefined {
  return hasLevels ? parentOf(before) : before;
}

function parentOf(folder: string): string | undefined {
  const end = folder.lastIndexOf("/");
  const origin = originPattern.exec(folder)?.[0] ?? "";
  return end < origin.length ? undefined : folder.slice(0, end);
}
