import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServedProcess, startDemo } from "../support/servers/served-process.js";

let demo: ServedProcess;

beforeAll(async () => {
  demo = await startDemo([]);
});
afterAll(async () => {
  await demo.close();
});

describe("the demo's server", () => {
  test.each([
    [["--port", "x"], /^demo: --port must be a whole number from 0 to 65535, not "x"\n$/],
    [["--bogus"], /^demo: Unknown option '--bogus'\n$/],
    [["--catmaid", "htp://u:open-sesame@h/"], /^demo: --catmaid must be an http or https URL.*\n$/],
    [["--dimension", "1,2"], /^catmaid-image: --dimension must be three whole numbers [^\n]*\nSee [^\n]*\n$/],
  ])("refuses %j in one sentence", async (words, message) => {
    const { code, stderr } = await runDemo(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("open-sesame");
  });

  test("says that its port is in use", async () => {
    const { port } = new URL(demo.url);
    expect(await runDemo(["--port", port])).toEqual({
      code: 1,
      stderr: `demo: port ${port} is in use: give another with --port, or 0 for a free one\n`,
    });
  });
});

/** Runs the demo's server to its end. */
function runDemo(words: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const script = fileURLToPath(new URL("../../demo/serve.mjs", import.meta.url));
  const child = spawn(process.execPath, [script, ...words], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, stderr })));
}
