let nowhere: MessagePort | undefined;

/**
 * Gives the memory of an array back at once, and leaves it empty. The garbage collector would take its time: it sees
 * the little that it has of an array, not what stands behind it.
 */
export function freeMemory({ buffer }: ArrayBufferView): void {
  const { transfer } = buffer as { transfer?: (this: unknown, length: number) => void };
  if (transfer !== undefined) {
    transfer.call(buffer, 0);
    return;
  }
  // Node 20 has no `transfer`. Jest's jsdom has no channels.
  if (typeof MessageChannel === "undefined") return;
  if (nowhere === undefined) {
    nowhere = new MessageChannel().port1;
    nowhere.close();
  }
  // What goes to a port that is closed is received by nobody.
  nowhere.postMessage(undefined, [buffer as ArrayBuffer]);
}
