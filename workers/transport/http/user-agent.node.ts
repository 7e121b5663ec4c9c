import version from "virtual:package-version";

/** How requests of Node introduce themselves: some hosts refuse those that do not. Browsers have a name of their own. */
export const userAgent: string = `catmaid-image/${version}`;
