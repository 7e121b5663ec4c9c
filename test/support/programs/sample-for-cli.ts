import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type SampleServer, startSampleServer } from "../../../src/sample/sample-server.node.js";
import { type SampleMirror, sampleStacks } from "../../../src/sample/sample-stack.js";

const mirrors: readonly SampleMirror[] = [
  { key: "file", title: "near", type: 1, format: "png", tileWidth: 64, tileHeight: 48 },
];

/** The stacks of the sample. */
export const smallStacks = sampleStacks({ dimension: { x: 300, y: 200, z: 9 }, mirrors, brokenSlices: [5] });

/** A small sample server for the tests of a file, and a folder for each test. Read the properties only inside a test. */
export function sampleForCli(): {
  readonly server: SampleServer;
  readonly url: string;
  readonly folder: string;
} {
  let server: SampleServer | undefined;
  let folder = "";
  beforeAll(async () => {
    server = await startSampleServer({ stacks: smallStacks });
  });
  afterAll(() => server?.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "catmaid-image-cli-"));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const started = (): SampleServer => {
    if (server === undefined) throw new Error("the sample is served within tests alone");
    return server;
  };
  return {
    get server() {
      return started();
    },
    get url() {
      return `${started().url}1/stack/1/info`;
    },
    get folder() {
      return folder;
    },
  };
}
