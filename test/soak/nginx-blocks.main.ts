import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ThreadedImageFetcher } from "../../src/fetcher/threaded-image-fetcher.js";
import { type BlockArray, blockArray, blockArrays, blockStackInfo } from "../support/blocks/block-arrays.js";
import { blocksFolder } from "../support/servers/block-server.js";
import { freePort, startNginx } from "../support/servers/nginx.mjs";
import {
  isFewest,
  type PartRequest,
  shardedArrays,
  sortShardRequests,
} from "../support/servers/shard-requests.js";
import { sha256 } from "../support/sha-256.js";

const folder = mkdtempSync(join(tmpdir(), "catmaid-image-nginx-"));
const log = join(folder, "access.log");
const port = await freePort();
const url = `http://127.0.0.1:${port}/`;
const http = `
  log_format parts '$status $uri $http_range';
  access_log ${log} parts;
  server {
    listen 127.0.0.1:${port};
    root ${resolve(blocksFolder)};
    location /precomputed/raw_gz_files/s0/ { gzip_static always; }
  }
`;

let failed = false;
const nginx = await startNginx(folder, http, `${url}precomputed/raw/info`);
try {
  let right = 0;
  for (const array of blockArrays) if (await isRight(array)) right++;
  failed ||= right < blockArrays.length;
  console.log(`${right} of ${blockArrays.length} arrays are right`);
  for (const [name, minishardBits, isGzip] of shardedArrays) {
    writeFileSync(log, "");
    failed ||= !(await isRight(blockArray(name)));
    // Once this is answered, all before it are in the log.
    await (await fetch(`${url}precomputed/raw/info`)).arrayBuffer();
    const asked = sortShardRequests(logged(), minishardBits, isGzip);
    failed ||= !isFewest(asked);
    console.log(name, asked);
  }
} finally {
  nginx.kill("SIGTERM");
  rmSync(folder, { recursive: true });
}
console.log(failed ? "BAD" : "good");
process.exitCode = failed ? 1 : 0;

async function isRight(array: BlockArray): Promise<boolean> {
  const fetcher = ThreadedImageFetcher.fromStackInfo(blockStackInfo(array, [url]), { onWarning: () => {} });
  try {
    const roi = [[0, 0, 0], array.shape] as const;
    const { data } = await fetcher.getScaledSpace(roi, { zoomLevel: array.zoomLevel });
    return (await sha256(data)) === array.sha256;
  } finally {
    await fetcher.close();
  }
}

/** The answers of 206 in nginx's own log. */
function logged(): readonly PartRequest[] {
  return readFileSync(log, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, path = "", first, last] = /^206 \/(\S+) bytes=(\d+)-(\d+)$/.exec(line) ?? [];
      return first === undefined ? [] : [{ file: path, range: [Number(first), Number(last)] as const }];
    });
}
