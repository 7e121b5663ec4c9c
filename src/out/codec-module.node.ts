/**
 * The URL of the module of the package `numcodecs` with a codec, by which workers import it: a name would be looked for where
 * the process was started. There is none where the package is missing, or bundled with an application.
 */
export function codecModule(name: string): string | undefined {
  try {
    return import.meta.resolve(`numcodecs/${name}`);
  } catch {
    return undefined;
  }
}
