import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FakeServer } from "../blocks/block-mirror.js";

const folder = fileURLToPath(new URL("../../fixtures/blocks/", import.meta.url));
const host = "https://example.org/";

/** The address of a fixture. */
export function fixtureUrl(path: string): string {
  return host + path;
}

/** A server of the fixtures. */
export function fixtureServer(): FakeServer {
  return new FakeServer((url) => {
    const path = folder + url.slice(host.length);
    return url.startsWith(host) && existsSync(path) && statSync(path).isFile()
      ? new Uint8Array(readFileSync(path))
      : undefined;
  });
}

/** The files of blocks below a folder of the fixtures, by their path relative to it. */
export function blockFilesOf(path: string): readonly string[] {
  return readdirSync(folder + path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\/\d+$/.test(name) && statSync(`${folder}${path}/${name}`).isFile())
    .sort();
}
