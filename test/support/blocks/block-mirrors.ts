import { onTestFinished } from "vitest";
import { type MakeFetcher, promptRetry } from "../fetching/fetcher-kinds.js";
import { encodeGreyPng } from "../images/encode-grey-png.js";
import { BlockServer, type FileScript } from "../servers/block-server.js";
import { serve } from "../servers/serve.js";
import { blockArray, blockMirrorInfo, blockStackInfo } from "./block-arrays.js";
import { openBlocks } from "./open-blocks.js";

const n5 = "n5_byhand/gzip";

/** A mirror of the stack's tiles, 16 × 12, drawn from voxels in z, y, x order. */
export async function tileMirror(
  voxels: Uint8Array,
  script: (path: string) => number | undefined = () => undefined,
) {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const status = script(path);
    const [z = 0, row = 0, column = 0] = path.match(/\d+/g)?.map(Number) ?? [];
    const tile = Uint8Array.from({ length: 16 * 12 }, (_, i) => {
      const [y, x] = [row * 12 + Math.floor(i / 16), column * 16 + (i % 16)];
      return y < 29 && x < 45 ? (voxels[(z * 29 + y) * 45 + x] ?? 0) : 0;
    });
    if (status === undefined) response.writeHead(200).end(encodeGreyPng(tile, 16, 12));
    else response.writeHead(status).end();
  });
  const info = {
    id: 9,
    title: "tiles",
    position: 9,
    image_base: url,
    file_extension: "png",
    tile_width: 16,
    tile_height: 12,
    tile_source_type: 1,
  };
  return { info, asked };
}

/** The voxels of most arrays, and of the tiles. */
export async function voxels(make: MakeFetcher): Promise<Uint8Array> {
  const { fetcher, all } = await openBlocks(make, n5);
  return (await fetcher.get(all)).data;
}

/** A fetcher with the given mirrors. Its mirrors of blocks are all on one server. */
export async function openMirrors(
  make: MakeFetcher,
  mirrors: (server: BlockServer) => readonly object[],
  { script, options, stack }: { script?: FileScript; options?: object; stack?: object } = {},
) {
  const server = await BlockServer.start(script);
  onTestFinished(() => server.close());
  const entries = mirrors(server).map((entry, position) => ({
    ...entry,
    position,
    title: `mirror ${position}`,
  }));
  const fetcher = make(
    { ...blockStackInfo(blockArray(n5), []), mirrors: entries, ...stack },
    { retry: promptRetry, failover: true, onWarning: () => {}, ...options },
  );
  onTestFinished(() => fetcher.close());
  return {
    server,
    fetcher,
    all: [
      [0, 0, 0],
      [19, 29, 45],
    ] as const,
  };
}

/** An entry of `mirrors`. */
export const entry = (name: string, url: string, more: object = {}) => ({
  ...blockMirrorInfo(blockArray(name), url),
  ...more,
});
