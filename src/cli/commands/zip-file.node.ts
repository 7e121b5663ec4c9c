import { type FileHandle, open } from "node:fs/promises";
import type { Bytes, FileStore } from "../../out/index.node.js";
import { UsageError } from "../usage-error.js";

/** The place of a file in an archive. */
interface ZipEntry {
  /** Position of the file's header, which precedes its bytes. */
  readonly position: number;
  /** Length of the file's bytes in the archive. */
  readonly length: number;
  readonly method: number;
}

const most16 = 0xffff;
const most32 = 0xffff_ffff;
const endBytes = 22;
const end64Bytes = 56;
const locatorBytes = 20;
const entryBytes = 46;
const headerBytes = 30;

/** Reads the files of a `.zip` that `get` wrote: uncompressed files of any number and size (ZIP64). */
export class ZipFile implements FileStore {
  readonly name: string;
  readonly #file: FileHandle;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  private constructor(path: string, file: FileHandle, entries: ReadonlyMap<string, ZipEntry>) {
    this.name = path;
    this.#file = file;
    this.#entries = entries;
  }

  /** Opens an archive. Throws a {@link UsageError} if the file is not an archive, or is cut off. */
  static async open(path: string): Promise<ZipFile> {
    const file = await open(path);
    try {
      const entries = await readDirectory(file);
      if (entries !== undefined) return new ZipFile(path, file, entries);
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    throw new UsageError(`"${path}" is no .zip, or is cut off: name the folder or the .zip of an export`);
  }

  put(): Promise<void> {
    return Promise.reject(new Error("an archive is only read here"));
  }

  async get(path: string): Promise<Bytes | undefined> {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    const { position, length, method } = entry;
    if (method !== 0) {
      throw new UsageError(
        `"${this.name}" was packed by another program, which compressed ${path}: unpack it, and name what comes out`,
      );
    }
    const header = viewOf(await readAt(this.#file, position, headerBytes));
    // If the header is damaged, this reads wrong bytes, and the checksum of the export reveals it.
    const before =
      header.byteLength < headerBytes ? 0 : header.getUint16(26, true) + header.getUint16(28, true);
    return readAt(this.#file, position + headerBytes + before, length);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** The entries of an archive by path; `undefined` if the file does not end like an archive. */
async function readDirectory(file: FileHandle): Promise<ReadonlyMap<string, ZipEntry> | undefined> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - endBytes - most16), endBytes + most16);
  const view = viewOf(tail);
  let at = tail.length - endBytes;
  while (at >= 0 && view.getUint32(at, true) !== 0x06054b50) at--;
  if (at < 0) return undefined;
  let [count, length, start] = [
    view.getUint16(at + 10, true),
    view.getUint32(at + 12, true),
    view.getUint32(at + 16, true),
  ];
  if (at >= locatorBytes && view.getUint32(at - locatorBytes, true) === 0x07064b50) {
    const place = Number(view.getBigUint64(at - locatorBytes + 8, true));
    if (place > size) return undefined;
    const wide = viewOf(await readAt(file, place, end64Bytes));
    if (wide.byteLength < end64Bytes || wide.getUint32(0, true) !== 0x06064b50) return undefined;
    [count, length, start] = [32, 40, 48].map((field) => Number(wide.getBigUint64(field, true))) as [
      number,
      number,
      number,
    ];
  }
  if (start + length > size) return undefined;
  return entriesOf(await readAt(file, start, length), count, start);
}

/** @param start - Position of the directory, which follows all files. */
function entriesOf(
  directory: Bytes,
  count: number,
  start: number,
): ReadonlyMap<string, ZipEntry> | undefined {
  const view = viewOf(directory);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; entries.size < count; ) {
    if (at + entryBytes > directory.length || view.getUint32(at, true) !== 0x02014b50) return undefined;
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true),
    ) as [number, number, number];
    const extraAt = at + entryBytes + nameBytes;
    const end = extraAt + extraBytes + commentBytes;
    if (end > directory.length) return undefined;
    const path = new TextDecoder().decode(directory.subarray(at + entryBytes, extraAt));
    const [, length = 0, position = 0] = wideFields(view, at, extraAt, extraAt + extraBytes);
    if (position + length > start) return undefined;
    entries.set(path, { position, length, method: view.getUint16(at + 10, true) });
    at = end;
  }
  return entries;
}

/** Length, packed length and position of an entry. Values that do not fit into 32 bits are in its ZIP64 field. */
function wideFields(view: DataView, at: number, from: number, to: number): readonly number[] {
  const fields = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  let wide = from;
  while (wide + 4 <= to && view.getUint16(wide, true) !== 1) wide += 4 + view.getUint16(wide + 2, true);
  wide += 4;
  return fields.map((value) => {
    if (value !== most32 || wide + 8 > to) return value;
    wide += 8;
    return Number(view.getBigUint64(wide - 8, true));
  });
}

/** Reads `length` bytes, or fewer if the file ends before. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Bytes> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function viewOf({ buffer, byteOffset, byteLength }: Bytes): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
