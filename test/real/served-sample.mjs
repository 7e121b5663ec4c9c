/** The sample tissue, served by the command line as users do, and what its tiles show. */
import { spawn } from "node:child_process";
import { gunzipSync } from "node:zlib";
import UPNG from "upng-js";

const cli = new URL("../../dist/cli.js", import.meta.url).pathname;

/** Starts the server: of a stack of x, y, z voxels of 4 x 4 x 40 nm. */
export async function serveSample(dimension) {
  const served = spawn(process.execPath, [cli, "serve", "--dimension", dimension.join()], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise((resolve) => {
    served.stdout.setEncoding("utf8").on("data", (text) => {
      const found = /https?:\/\/\S+/.exec(text);
      if (found !== null) resolve(found[0]);
    });
  });
  return { url, close: () => served.kill() };
}

async function bytesAt(url) {
  const response = await fetch(url);
  return response.status === 200 ? response.arrayBuffer() : undefined;
}

/** The grey value of a voxel, as somebody else decodes the tile that has it. */
export async function greyOf(url, [x, y, z]) {
  const [column, row] = [Math.floor(x / 512), Math.floor(y / 512)];
  const png = await bytesAt(`${url}tiles/1/file/${z}/${row}_${column}_0.png`);
  const rgba = new Uint8Array(UPNG.toRGBA8(UPNG.decode(png))[0]);
  return String(rgba[4 * ((y % 512) * 512 + (x % 512))]);
}

/** The label of a voxel, from the N5 block that has it. */
export async function labelOf(url, [x, y, z]) {
  const [i, j, k] = [Math.floor(x / 112), Math.floor(y / 96), Math.floor(z / 20)];
  const file = Buffer.from(await bytesAt(`${url}tiles/4/n5/s0/${i}/${j}/${k}`));
  const [width, height] = [file.readUInt32BE(4), file.readUInt32BE(8)];
  const at = (x % 112) + width * ((y % 96) + height * (z % 20));
  return String(gunzipSync(file.subarray(16)).readBigUInt64BE(8 * at));
}
