import { open as openFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { get, open, root } from "zarrita";
import { sha256 } from "../tiles/expected-volume.js";

type Range = { readonly offset: number; readonly length: number } | { readonly suffixLength: number };

/** SHA-256 of the voxels in the first level of an OME-Zarr image on Zarr 3, read with zarrita: Debian's zarr cannot. */
export async function readSharded(folder: string): Promise<string> {
  const store = {
    get: async (key: string) => bytesOf(await readFile(join(folder, key))),
    getRange: async (key: string, range: Range) => {
      const file = await openFile(join(folder, key));
      try {
        const { size } = await file.stat();
        const [position, length] =
          "suffixLength" in range
            ? [size - range.suffixLength, range.suffixLength]
            : [range.offset, range.length];
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
        return bytesOf(buffer);
      } finally {
        await file.close();
      }
    },
  };
  const array = await open.v3(root(store).resolve("/0"), { kind: "array" });
  const { data } = await get(array);
  return sha256(data as Uint8Array);
}

function bytesOf({ buffer, byteOffset, byteLength }: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}
