/** A file of which the test server sends parts. Its bytes from 20 on look like the beginning of a gzip file. */
export const partedFile: Uint8Array<ArrayBuffer> = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 251);
partedFile.set([0x1f, 0x8b], 20);
