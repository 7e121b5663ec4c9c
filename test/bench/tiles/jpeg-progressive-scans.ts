import { JpegBits } from "./jpeg-bits.js";
import type { JpegBlocks } from "./jpeg-blocks.js";
import type { JpegScan } from "./jpeg-scan.js";

/** The scans of libjpeg's usual progression for grey, except that each block has an end of its own. */
export function progressiveScans(blocks: JpegBlocks): JpegScan[] {
  return [
    dcFirst(blocks, 1),
    acFirst(blocks, 1, 5, 2),
    acFirst(blocks, 6, 63, 2),
    acRefined(blocks, 1, 63, 1),
    dcRefined(blocks, 0),
    acRefined(blocks, 1, 63, 0),
  ];
}

function scan(
  { coefficients }: JpegBlocks,
  spectrum: JpegScan["spectrum"],
  put: (block: Int16Array, bits: JpegBits) => void,
): JpegScan {
  const bits = new JpegBits();
  for (let at = 0; at < coefficients.length; at += 64) put(coefficients.subarray(at, at + 64), bits);
  return { components: [0], spectrum, data: bits.end() };
}

function dcFirst(blocks: JpegBlocks, low: number): JpegScan {
  let before = 0;
  return scan(blocks, [0, 0, 0, low], (block, bits) => {
    const value = (block[0] as number) >> low;
    bits.putDc(value - before);
    before = value;
  });
}

function dcRefined(blocks: JpegBlocks, low: number): JpegScan {
  return scan(blocks, [0, 0, low + 1, low], (block, bits) => bits.put((block[0] as number) >> low, 1));
}

function acFirst(blocks: JpegBlocks, first: number, last: number, low: number): JpegScan {
  return scan(blocks, [first, last, 0, low], (block, bits) => {
    let run = 0;
    for (let n = first; n <= last; n++) {
      const value = block[n] as number;
      const size = Math.abs(value) >> low;
      if (size === 0) {
        run++;
        continue;
      }
      for (; run > 15; run -= 16) bits.putSymbol(0xf0);
      bits.putAc(run, value < 0 ? -size : size);
      run = 0;
    }
    if (run > 0) bits.putSymbol(0x00);
  });
}

/** Sends one more bit of each coefficient. Those that are known not to be 0 send it after the next code of any kind. */
function acRefined(blocks: JpegBlocks, first: number, last: number, low: number): JpegScan {
  const corrections: number[] = [];
  return scan(blocks, [first, last, low + 1, low], (block, bits) => {
    const putCorrections = () => {
      for (const bit of corrections.splice(0)) bits.put(bit, 1);
    };
    const sizes = Array.from(block, (value) => Math.abs(value) >> low);
    const lastNew = sizes.lastIndexOf(1, last);
    let run = 0;
    for (let n = first; n <= last; n++) {
      const size = sizes[n] as number;
      if (size === 0) {
        run++;
        continue;
      }
      for (; run > 15 && n <= lastNew; run -= 16) {
        bits.putSymbol(0xf0);
        putCorrections();
      }
      if (size > 1) {
        corrections.push(size & 1);
        continue;
      }
      bits.putSymbol((run << 4) | 1);
      bits.put((block[n] as number) < 0 ? 0 : 1, 1);
      putCorrections();
      run = 0;
    }
    if (run > 0 || corrections.length > 0) {
      bits.putSymbol(0x00);
      putCorrections();
    }
  });
}
