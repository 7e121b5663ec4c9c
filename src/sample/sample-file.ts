/** A file of a mirror, which is made when somebody waits for it. */
export interface SampleFile {
  readonly contentType: string;
  readonly make: () => Uint8Array;
}

/** Metadata of blocks. */
export function jsonFile(value: unknown): SampleFile {
  return { contentType: "application/json", make: () => new TextEncoder().encode(JSON.stringify(value)) };
}

/** A block, or a shard of them. */
export function blockFile(make: () => Uint8Array): SampleFile {
  return { contentType: "application/octet-stream", make };
}
