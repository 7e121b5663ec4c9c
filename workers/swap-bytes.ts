/** Swaps big-endian numbers that fill a buffer to little-endian ones, in place. Avoids slow bigints for 64 bits. */
export function swapBytes({ buffer }: Uint8Array<ArrayBuffer>, bytesPerNumber: number): void {
  switch (bytesPerNumber) {
    case 2:
      swapPairs(buffer);
      break;
    case 4: {
      const words = new Uint32Array(buffer);
      for (let i = 0; i < words.length; i++) words[i] = swapped(words[i] as number);
      break;
    }
    case 8: {
      const halves = new Uint32Array(buffer);
      for (let i = 0; i < halves.length; i += 2) {
        const first = swapped(halves[i] as number);
        halves[i] = swapped(halves[i + 1] as number);
        halves[i + 1] = first;
      }
      break;
    }
  }
}

/** Swaps two numbers at a time. An odd number is left at the end. */
function swapPairs(buffer: ArrayBuffer): void {
  const words = new Uint32Array(buffer, 0, buffer.byteLength >>> 2);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    words[i] = ((word >>> 8) & 0x00ff00ff) | ((word << 8) & 0xff00ff00);
  }
  if (buffer.byteLength % 4 === 0) return;
  const last = new DataView(buffer, buffer.byteLength - 2);
  last.setUint16(0, last.getUint16(0), true);
}

function swapped(word: number): number {
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24);
}
