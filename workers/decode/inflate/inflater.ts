/** Inflates the deflate streams of one file, one after the other, into one output. */
export interface Inflater {
  /** Number of bytes that all streams together have made. */
  readonly size: number;
  /**
   * Inflates the stream at the beginning of `[start, end)` of the file. Returns where the stream ends. Throws a
   * `DecodeFailure` if it is damaged, or if all streams together would make more bytes than allowed.
   */
  inflate(start: number, end: number): number;
  /** CRC-32 of a part of the file. */
  crc32OfFile(start: number, end: number): number;
  /** CRC-32 of the output from a position on. */
  crc32(from: number): number;
  /** Adler-32 of the whole output. */
  adler32(): number;
  /** The whole output, in a buffer of its own. */
  output(): Uint8Array<ArrayBuffer>;
}
