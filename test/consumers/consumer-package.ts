import type packageVersions from "./package-versions.json";

/** A package that consumers install, besides the one under test. */
export type ConsumerPackage = keyof typeof packageVersions;
