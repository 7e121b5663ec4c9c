declare module "upng-js" {
  /** A decoded file. `data` is undefined for truncated input, whatever the file says. */
  interface DecodedPng {
    readonly width: number;
    readonly height: number;
    readonly depth: number;
    readonly ctype: number;
    readonly data: Uint8Array | undefined;
    readonly frames: readonly unknown[];
    readonly tabs: Readonly<Record<string, unknown>>;
  }

  const UPNG: {
    /** Parses a file; throws strings and errors on garbage. */
    decode(buffer: ArrayBuffer): DecodedPng;
    /** RGBA of each frame, 8 bits a sample. */
    toRGBA8(image: DecodedPng): ArrayBuffer[];
    /** Encodes RGBA frames; `colours` 0 is lossless. */
    encode(
      frames: readonly ArrayBuffer[],
      width: number,
      height: number,
      colours: number,
      delays?: readonly number[],
    ): ArrayBuffer;
  };
  export default UPNG;
}
