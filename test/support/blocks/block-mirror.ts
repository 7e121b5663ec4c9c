import { tileErrorFrom } from "../../../src/errors.js";
import type { Ask, Question } from "../../../src/source/block-source.js";
import { StackMirror, type StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";

/** A mirror of N5 blocks (11) or precomputed chunks (14). */
export function blockMirror(
  tileSourceType: 11 | 14,
  imageBase: string,
  options: Partial<StackMirrorOptions> = {},
): StackMirror {
  return new StackMirror({
    imageBase,
    fileExtension: "",
    tileWidth: 512,
    tileHeight: 512,
    tileSourceType,
    title: "blocks",
    ...options,
  });
}

/** What a server has at a URL: bytes, text, or a JSON object. A number is an HTTP status, or 0 for no answer. */
export type FileContent = Uint8Array | string | number | object;

/** Answers a source as a server with these files and support for ranges would, and records the requests. */
export class FakeServer {
  readonly asked: string[] = [];
  readonly questions: Question[] = [];
  readonly ask: Ask;

  constructor(fileAt: (url: string) => FileContent | undefined) {
    this.ask = async (question, signal) => {
      signal.throwIfAborted();
      this.asked.push(question.url);
      this.questions.push(question);
      const file = fileAt(question.url);
      if (typeof file === "number") throw failure(question, file);
      return file === undefined ? undefined : partOf(bytesOf(file), question);
    };
  }
}

function bytesOf(file: Exclude<FileContent, number>): Uint8Array {
  if (file instanceof Uint8Array) return file;
  return new TextEncoder().encode(typeof file === "string" ? file : JSON.stringify(file));
}

/** The part of a file that is asked for. */
function partOf(bytes: Uint8Array, { url, range }: Question): Uint8Array {
  if (range === undefined) return bytes;
  const part = bytes.slice(range.offset, range.offset + range.length);
  if (part.length === range.length) return part;
  throw tileErrorFrom({ reason: "wrong-range", message: `ends before ${range.offset}`, url, status: 206 });
}

function failure({ url, what }: Question, status: number): Error {
  const reason = status === 0 ? ("network" as const) : ("http" as const);
  const message = status === 0 ? `no answer from ${url}` : `HTTP status ${status} for ${url}`;
  return tileErrorFrom({ reason, message, url, status }, 1, what);
}
