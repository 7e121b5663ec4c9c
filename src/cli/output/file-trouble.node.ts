import { dirname, resolve } from "node:path";
import { isCatmaidImageError } from "../../errors.js";
import { UsageError } from "../usage-error.js";

/** What a file is opened for. */
export type FileUse = "read" | "write";

/** Turns an error of the system into one of {@link fileTrouble}. Returns any other error unchanged. */
export function systemTrouble(use: FileUse, path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === "string" && typeof syscall === "string" ? fileTrouble(use, path, error) : error;
}

/** An error that says in one sentence why a file could not be read or written, and what to do. */
export function fileTrouble(use: FileUse, path: string, error: unknown): Error {
  if (error instanceof UsageError) return error;
  if (isCatmaidImageError(error)) return new UsageError(error.message);
  const { code, message, syscall, path: missing } = error as NodeJS.ErrnoException;
  // A symbolic link may lead to another folder than the one in its path.
  const folder = syscall === "realpath" && missing !== undefined ? resolve(missing) : dirname(resolve(path));
  switch (code) {
    case "ENOENT":
      return new UsageError(
        use === "read"
          ? `there is no file "${path}": check its name, and the folder that it is in`
          : `there is no folder "${folder}" to write "${path}" to: make it, or name another`,
      );
    case "EEXIST":
      return new UsageError(`"${path}" is there already: replace it with --overwrite, or name another file`);
    case "ENOTDIR":
      return new UsageError(`"${path}" leads through a file as if it were a folder: name another`);
    case "EISDIR":
      return new UsageError(`"${path}" is a folder: give the name of a file`);
    case "ELOOP":
      return new UsageError(`"${path}" is a symbolic link that leads back to itself: name another file`);
    case "ENAMETOOLONG":
      return new UsageError(`"${path}" is too long a name for this disk: give a shorter one`);
    case "EACCES":
    case "EPERM":
      return use === "read"
        ? new Error(`"${path}" may not be read: get the permission to, or name another file`)
        : new Error(
            `"${path}" may not be written to "${folder}": get the permission to, or name another folder`,
          );
    case "EROFS":
      return new Error(`"${path}" is on a disk that can only be read: name a folder elsewhere`);
    case "ENOSPC":
    case "EDQUOT":
      return new Error(`the disk of "${path}" is full: make room on it, or ask for less`);
    case "EFBIG":
      return new Error(
        `"${path}" becomes larger than its disk allows: ask for less, or name a folder elsewhere`,
      );
    default:
      return new Error(
        `"${path}" cannot be ${use === "read" ? "read" : "written"}: ${code ?? message}; try another place`,
      );
  }
}
