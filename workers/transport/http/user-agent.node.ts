import version from "virtual:package-version";

/** The User-Agent of Node's requests, because some hosts refuse requests without one. Browsers send their own. */
export const userAgent: string = `catmaid-image/${version}`;
