import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../support/programs/warm-command-line.js";

const info = {
  stitle: "Ωmega",
  dimension: { x: 300, y: 200, z: 9 },
  resolution: { x: 4, y: 4, z: 40 },
  mirrors: [{ image_base: "http://127.0.0.1:9/", file_extension: "png" }],
};
const json = JSON.stringify(info);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function infoOf(name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, content);
  return runCli(["info", path]);
}

describe("a stack info from a file", () => {
  const marked = Buffer.from(`\ufeff${json}`, "utf16le");
  it.each([
    ["UTF-8", json],
    ["UTF-8 with a byte order mark", `\ufeff${json}`],
    ["UTF-16 as PowerShell writes it", marked],
    ["UTF-16 of the other byte order", Buffer.from(marked).swap16()],
    ["UTF-16 without a byte order mark", marked.subarray(2)],
    ["JSON as a string of JSON", JSON.stringify(json)],
  ])("may be %s", async (_, content) => {
    const { code, stdout, stderr } = await infoOf("stack.json", content);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Ωmega\n/);
  });

  it("may come through standard input in any of these", async () => {
    const { code, stdout } = await runCli(["info", "-"], { stdin: `\ufeff${json}` });
    expect({ code, title: stdout.slice(0, 5) }).toEqual({ code: 0, title: "Ωmega" });
  });

  it("shows a mirror without type and tile size as what it is", async () => {
    const { stdout } = await infoOf("stack.json", json);
    expect(stdout).not.toContain("NaN");
    expect(stdout).toMatch(/no type, no tile size png {2}\(cannot be used: it has no tile_source_type/);
  });

  const python = json.replace('"x":4', '"x":NaN');
  it.each([
    ["nothing", " \n", /is empty: there is no stack info in it/],
    [
      "NaN",
      python,
      /has NaN or Infinity for a number, which JSON does not know: null or a number belongs there/,
    ],
    ["Infinity in UTF-16", Buffer.from(python.replace("NaN", "-Infinity"), "utf16le"), /has NaN or Infinity/],
    ["a comment", `{ // mine\n${json.slice(1)}`, /has a comment, which JSON does not know/],
    ["another comment", `/* mine */ ${json}`, /has a comment/],
    ["a trailing comma", `${json.slice(0, -1)},\n}`, /has a comma before a closing bracket/],
    ["what Python prints", json.replaceAll('"', "'"), /has text in single quotes/],
    ["half a file", json.slice(0, 90), /breaks off before its end/],
    ["keys without quotes", "{dimension: 1}", /holds text, no JSON/],
    [
      "a page of the viewer",
      "<!-- CATMAID -->\n<!DOCTYPE html>\n<html></html>",
      /holds an HTML page, no JSON/,
    ],
    ["a page in UTF-16", Buffer.from("\ufeff<html></html>", "utf16le"), /holds an HTML page, no JSON/],
    ["XML", '<?xml version="1.0"?><Error/>', /holds an XML error document, no JSON/],
    ["packed JSON", gzipSync(json), /holds gzip-compressed data, no JSON/],
    ["a ZIP archive", "PK\x03\x04", /holds a ZIP archive, no JSON/],
  ])("is refused in one sentence where it is %s", async (_, content, message) => {
    const { code, stdout, stderr } = await infoOf("odd.json", content);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^catmaid-image: [^\n]+\nSee catmaid-image info --help\n$/);
  });

  it("is named where it is JSON of another kind", async () => {
    const { stderr } = await runCli(["info", "-"], { stdin: "{}" });
    expect(stderr).toMatch(/^catmaid-image: standard input: a stack info must have dimension/);
  });

  it.each([
    ["a list", `[${json}]`, /"[^"]+other\.json": a stack info must be an object, got a list/],
    [
      "an error of CATMAID",
      '{"error": "no stack", "detail": "Traceback"}',
      /CATMAID sent an error.*no stack/,
    ],
    ["an error of Django REST", '{"detail": "Invalid token."}', /CATMAID sent an error.*Invalid token/],
  ])("is refused where JSON is %s", async (_, content, message) => {
    const { code, stderr } = await infoOf("other.json", content);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});
