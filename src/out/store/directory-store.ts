import type { Bytes } from "../../space/bytes.js";
import type { FileStore } from "./file-store.js";
import { temporaryFolder } from "./manifest-folder.js";

/** A file with the method `move`, which TypeScript does not know yet. */
type MovableFile = FileSystemFileHandle & {
  move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
};

/**
 * A folder to export to, in a browser: one that the user picked (`showDirectoryPicker`), or one of the page's own
 * (`navigator.storage.getDirectory`). If another tab or worker holds a file open, writing it throws the browser's
 * `NoModificationAllowedError`.
 */
export function directoryStore(directory: FileSystemDirectoryHandle): FileStore {
  return new DirectoryStore(directory);
}

class DirectoryStore implements FileStore {
  readonly name: string;
  readonly #root: FileSystemDirectoryHandle;
  readonly #folders = new Map<string, Promise<FileSystemDirectoryHandle>>();

  constructor(root: FileSystemDirectoryHandle) {
    this.name = root.name || "the page's folder";
    this.#root = root;
  }

  async put(path: string, bytes: Bytes): Promise<void> {
    const [folder, name] = split(path);
    const target = await this.#folder(folder, true);
    const temporaries = await this.#folder(temporaryFolder, true);
    const temporaryName = crypto.randomUUID();
    const temporary: MovableFile = await temporaries.getFileHandle(temporaryName, { create: true });
    try {
      if (temporary.move === undefined) {
        // The file is empty until it is closed. No format has empty files, so nobody takes it for a complete one.
        await write(await target.getFileHandle(name, { create: true }), bytes, false);
        await temporaries.removeEntry(temporaryName);
      } else {
        await write(temporary, bytes, false);
        await temporary.move(target, name);
      }
    } catch (error) {
      await temporaries.removeEntry(temporaryName).catch(() => {});
      throw error;
    }
  }

  async get(path: string): Promise<Bytes | undefined> {
    const file = await this.#file(path);
    return file && new Uint8Array(await file.arrayBuffer());
  }

  async size(path: string): Promise<number | undefined> {
    return (await this.#file(path))?.size;
  }

  async append(path: string, bytes: Bytes): Promise<void> {
    const [folder, name] = split(path);
    const target = await this.#folder(folder, true);
    await write(await target.getFileHandle(name, { create: true }), bytes, true);
  }

  async list(folder: string): Promise<readonly string[]> {
    const directory = await unlessAbsent(this.#folder(folder, false));
    const names: string[] = [];
    if (directory === undefined) return names;
    for await (const [name, { kind }] of directory.entries()) names.push(kind === "file" ? name : `${name}/`);
    return names;
  }

  async remove(path: string): Promise<void> {
    const [folder, name] = split(path.replace(/\/$/, ""));
    const parent = await unlessAbsent(this.#folder(folder, false));
    await unlessAbsent(parent?.removeEntry(name, { recursive: path.endsWith("/") }));
    this.#folders.clear();
  }

  async close(): Promise<void> {
    await this.remove(temporaryFolder);
  }

  async #file(path: string): Promise<File | undefined> {
    const [folder, name] = split(path);
    const directory = await unlessAbsent(this.#folder(folder, false));
    const handle = await unlessAbsent(directory?.getFileHandle(name));
    return handle?.getFile();
  }

  #folder(path: string, create: boolean): Promise<FileSystemDirectoryHandle> {
    if (path === "") return Promise.resolve(this.#root);
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const [parent, name] = split(path.slice(0, -1));
    const opened = this.#folder(parent, create).then((directory) =>
      directory.getDirectoryHandle(name, { create }),
    );
    this.#folders.set(path, opened);
    opened.catch(() => this.#folders.delete(path));
    return opened;
  }
}

async function write(handle: FileSystemFileHandle, bytes: Bytes, atEnd: boolean): Promise<void> {
  const position = atEnd ? (await handle.getFile()).size : 0;
  const stream = await handle.createWritable({ keepExistingData: atEnd });
  try {
    await stream.write({ type: "write", position, data: bytes as Uint8Array<ArrayBuffer> });
  } catch (error) {
    await stream.abort().catch(() => {});
    throw error;
  }
  await stream.close();
}

/** Splits a path into the folder, with a `/` at its end, and the name in it. */
function split(path: string): [folder: string, name: string] {
  const end = path.lastIndexOf("/") + 1;
  return [path.slice(0, end), path.slice(end)];
}

async function unlessAbsent<T>(asked: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as DOMException).name === "NotFoundError") return undefined;
    throw error;
  }
}
