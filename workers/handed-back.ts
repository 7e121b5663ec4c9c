/** Thrown for a file whose decoder this worker does not have; see `decoders-elsewhere.ts`. */
export class HandedBack extends Error {
  /** The file. */
  readonly body: Uint8Array;

  constructor(body: Uint8Array) {
    super("the decoder for this file is elsewhere");
    this.body = body;
  }
}
