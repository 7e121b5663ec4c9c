/** One scan of a file. */
export interface JpegScan {
  /** Positions of its components in the frame. */
  readonly components: readonly number[];
  /** First and last coefficient, then the bit positions before and after the scan. */
  readonly spectrum: readonly [first: number, last: number, high: number, low: number];
  readonly data: Uint8Array;
}
