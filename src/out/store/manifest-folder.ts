/** The folder of an export's manifest and logs, within the export. Readers ignore it, as its name begins with a dot. */
export const manifestFolder = ".catmaid-image/";

/** The manifest: what the export is, and whether it is complete. */
export const manifestFile: string = `${manifestFolder}export.json`;

/** The log of complete files, for an export that one process makes. */
export const unitsLog: string = `${manifestFolder}units.ndjson`;

/** The plan of an export that is made in numbered tasks. */
export const planFile: string = `${manifestFolder}plan.json`;

/** The logs of an export's numbered tasks, and their markers of completion. */
export const tasksFolder: string = `${manifestFolder}tasks/`;

/** The folder of files that are not complete yet, on the same disk. */
export const temporaryFolder: string = `${manifestFolder}tmp/`;
