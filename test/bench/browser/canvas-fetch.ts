import type { Roi } from "../../../src/index.js";

interface PlainStackInfo {
  readonly mirrors: readonly {
    readonly image_base: string;
    readonly file_extension: string;
    readonly tile_width: number;
    readonly tile_height: number;
  }[];
}

/** Number of tiles that each worker handles at the same time. */
const width = 8;

/** Fetches whole tiles of a stack with workers that decode by canvas. */
export async function fetchByCanvas(
  info: object,
  [lower = [], upper = []]: Roi,
  threads: number,
): Promise<Uint8Array> {
  const [mirror] = (info as PlainStackInfo).mirrors;
  if (mirror === undefined) throw new Error("the stack has no mirror");
  const { image_base: base, file_extension: extension, tile_width: columns, tile_height: rows } = mirror;
  const [depth = 0, height = 0, breadth = 0] = Array.from(upper, (to, axis) => to - (lower[axis] ?? 0));
  const volume = new Uint8Array(depth * height * breadth);
  const places = new Map<string, number>();
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y += rows) {
      for (let x = 0; x < breadth; x += columns) {
        places.set(`${base}${z}/${y / rows}_${x / columns}_0.${extension}`, (z * height + y) * breadth + x);
      }
    }
  }
  const waiting = [...places.keys()];
  const type = extension === "png" ? "image/png" : "image/jpeg";
  const place = ({ url, grey }: { url: string; grey: Uint8Array }) => {
    let to = places.get(url) ?? 0;
    for (let from = 0; from < grey.length; from += columns, to += breadth) {
      volume.set(grey.subarray(from, from + columns), to);
    }
  };
  const share = async () => {
    const worker = new Worker("/canvas-worker.page.js");
    try {
      await serve(worker, waiting, type, place);
    } finally {
      worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, share));
  return volume;
}

function serve(
  worker: Worker,
  waiting: string[],
  type: string,
  place: (tile: { url: string; grey: Uint8Array }) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let open = 0;
    const next = () => {
      const url = waiting.shift();
      if (url !== undefined) {
        open++;
        worker.postMessage({ url, type });
      } else if (open === 0) {
        resolve();
      }
    };
    worker.onmessage = ({ data }: MessageEvent<{ url: string; grey: Uint8Array }>) => {
      place(data);
      open--;
      next();
    };
    worker.onerror = ({ message }) => reject(new Error(message));
    for (let n = 0; n < width; n++) next();
  });
}
