import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelStackInfo } from "./model-fetcher.js";
import { ModelServer, type Script } from "./model-server.js";
import { type ModelStack, modelStack } from "./model-stack.js";

/** A model stack on a real server, and a folder for exports of it. */
export interface ModelWorkshop {
  readonly server: ModelServer;
  readonly folder: string;
  /** The path of the stack info. */
  readonly info: string;
  close(): Promise<void>;
}

/** Starts the server of a stack with three zoom levels, placed so that the levels of any format can begin there. */
export async function modelWorkshop(
  script?: Script,
  changes: Partial<ModelStack> = {},
): Promise<ModelWorkshop> {
  const stack = modelStack({ brokenSlices: [5], translation: { x: 0, y: 0, z: 0 }, ...changes });
  const server = await ModelServer.start(stack, script);
  const folder = await mkdtemp(join(tmpdir(), "catmaid-image-"));
  const info = join(folder, "info.json");
  await writeFile(info, JSON.stringify({ ...modelStackInfo(stack, [server.base()]), num_zoom_levels: 3 }));
  const close = async (): Promise<void> => {
    await server.close();
    await rm(folder, { recursive: true });
  };
  return { server, folder, info, close };
}
