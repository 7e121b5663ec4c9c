/** Beside what is exported: what the export is, and what of it is done. Readers pass over a name that begins with a dot. */
export const manifestFolder = ".catmaid-image/";

/** The log of an export that one process makes: the files that are there. */
export const unitsLog: string = `${manifestFolder}units.ndjson`;

/** The plan of an export that is made in numbered tasks. */
export const planFile: string = `${manifestFolder}plan.json`;

/** What the numbered tasks of an export leave: of each its log, and whether it is done. */
export const tasksFolder: string = `${manifestFolder}tasks/`;

/** Where files are until they are complete, on the same disk. */
export const temporaryFolder: string = `${manifestFolder}tmp/`;
