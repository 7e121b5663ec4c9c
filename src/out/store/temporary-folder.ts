/** Beside what is exported: what the export is, and what of it is done. Readers pass over a name that begins with a dot. */
export const manifestFolder = ".catmaid-image/";

/** Where files are until they are complete, on the same disk. */
export const temporaryFolder: string = `${manifestFolder}tmp/`;
