let nowhere: MessagePort | undefined;

/**
 * Frees the memory of an array at once, and leaves the array empty. The garbage collector would be late: it sees the
 * small object of an array, not the buffer behind it.
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
  // Nobody receives a message to a closed port, and the buffer is transferred all the same.
  nowhere.postMessage(undefined, [buffer as ArrayBuffer]);
}
