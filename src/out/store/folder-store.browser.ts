import { InvalidOutError } from "../../errors.js";
import type { FileStore } from "./file-store.js";

/**
 * A folder to export to, in Node. Elsewhere this function always throws; a page uses `directoryStore` with a folder that the
 * user picked, or with one of its own.
 *
 * @throws InvalidOutError outside Node.
 */
export function folderStore(path: string): FileStore {
  throw new InvalidOutError(
    `${JSON.stringify(path)} cannot be written to, because only Node opens folders by path: use directoryStore`,
  );
}
