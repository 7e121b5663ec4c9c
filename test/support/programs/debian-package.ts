import { type ExecFileSyncOptions, execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";

/** Installs a Debian package with apt-get, if this process is root. Returns whether it did. */
export function installDebianPackage(name: string): boolean {
  if (process.getuid?.() !== 0 || !isExecutable("/usr/bin/apt-get")) return false;
  console.error(`Installing Debian's ${name}`);
  const options: ExecFileSyncOptions = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  // Test files that run at the same time may all install a package.
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  execFileSync("apt-get", [...wait, "update", "-qq"], options);
  execFileSync("apt-get", [...wait, "install", "-y", "-qq", "--no-install-recommends", name], options);
  return true;
}

/** Whether a program can be started by its path. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
