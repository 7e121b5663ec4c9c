import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeJpeg } from "../../../workers/decode/jpeg/decode-jpeg.js";
import { alternate, type Contender, type Measurement } from "../alternate.js";
import type { BenchCase, BenchRow } from "../bench-case.js";
import type { BenchContext } from "../bench-context.js";
import { inexact } from "../inexact.js";
import { pythonCommand } from "../places.js";
import { type FileKind, fileKinds } from "../tiles/file-kinds.js";
import { timed } from "../timed.js";
import { type Decoder, decodersOf } from "./decoders.js";

/** Decoding to grey in one thread, with each decoder and each kind of file. */
export const decodeCases: readonly BenchCase[] = fileKinds.map((kind) => ({
  group: "decode",
  name: kind.title,
  run: (context) => race(context, kind),
}));

async function race(context: BenchContext, kind: FileKind): Promise<BenchRow[]> {
  const folder = join(await context.tiles(), "www/kinds", kind.key);
  const paths = Array.from({ length: kind.files }, (_, n) => join(folder, `${n}.${kind.extension}`));
  const files = paths.map((path) => new Uint8Array(readFileSync(path)));
  const natives = await nativeDecoders(context, kind, paths);
  const decoders = await decodersOf(kind);
  // PNG is compared with the drawing, JPEG with libjpeg's result if libjpeg is there.
  const greys = paths.map((path, n) => drawn(path) ?? decodedByUs(files[n] as Uint8Array, kind.side));
  const expected =
    kind.format === "png" ? digestOf(greys) : ((await natives[0]?.measure())?.sha256 ?? digestOf(greys));
  const contenders = [
    ...natives,
    ...decoders.map((decoder) => contenderOf(decoder, files, greys, kind.side)),
  ];
  return alternate(contenders, {
    rounds: context.rounds(25),
    warmUp: 5,
    expected,
    per: files.length,
    reference: natives[0]?.name ?? contenders[0]?.name ?? "",
  });
}

function drawn(path: string): Uint8Array | undefined {
  const grey = path.replace(/\.\w+$/, ".u8");
  return existsSync(grey) ? readFileSync(grey) : undefined;
}

function decodedByUs(file: Uint8Array, side: number): Uint8Array {
  return decodeJpeg(file, { width: side, height: side }).data;
}

function contenderOf(
  { name, mayBeOff, decode }: Decoder,
  files: readonly Uint8Array[],
  greys: readonly Uint8Array[],
  side: number,
): Contender {
  return {
    name,
    async measure(): Promise<Measurement> {
      const { result, ...times } = await timed(() => files.map((file) => decode(file, side)));
      return { ...times, sha256: digestOf(result) };
    },
    ...(mayBeOff && {
      judge: async () =>
        inexact(
          files.map((file) => decode(file, side)),
          greys,
        ),
    }),
  };
}

/** The native decoders. libjpeg-turbo or libpng come first if they are there, because they are the reference. */
async function nativeDecoders(
  context: BenchContext,
  { format, key, side }: FileKind,
  files: readonly string[],
): Promise<Contender[]> {
  const python = await context.python();
  if (python === undefined) return [];
  const native = context.lineProcess("native", pythonCommand(python, "decode/native_decoders.py"));
  const there = await native.ask<{ turbojpeg: boolean; libpng: boolean }>({ versions: true });
  const names = [];
  if (format === "jpeg" && there.turbojpeg) names.push({ decoder: "turbojpeg", name: "libjpeg-turbo" });
  // libpng would convert colours to grey by another rule.
  if (format === "png" && there.libpng && !/rgb|palette/.test(key))
    names.push({ decoder: "libpng", name: "libpng" });
  names.push({ decoder: "pillow", name: "Pillow" });
  return names.map(({ decoder, name }) => ({
    name,
    measure: () => native.ask<Measurement>({ decoder, side, files }),
  }));
}

function digestOf(greys: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const grey of greys) hash.update(grey);
  return hash.digest("hex");
}
