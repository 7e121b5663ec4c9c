/** A file of a mirror. It is made when a client asks for it. */
export interface SampleFile {
  readonly contentType: string;
  readonly make: () => Uint8Array;
}

/** A file of metadata. */
export function jsonFile(value: unknown): SampleFile {
  return { contentType: "application/json", make: () => new TextEncoder().encode(JSON.stringify(value)) };
}

/** A block, or a shard of blocks. */
export function blockFile(make: () => Uint8Array): SampleFile {
  return { contentType: "application/octet-stream", make };
}
