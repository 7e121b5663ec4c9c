/**
 * The URL of the module of the package `numcodecs` that has the named codec. Workers import it by URL, because they would
 * look for a package name from the folder where the process was started. `undefined` if the package is not installed, or
 * is bundled into an application.
 */
export function codecModule(name: string): string | undefined {
  try {
    return import.meta.resolve(`numcodecs/${name}`);
  } catch {
    return undefined;
  }
}
