import { plainText } from "./output/plain-text.js";

/** Quotes a word for a POSIX shell, if it needs quotes. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Joins words to a command line for a POSIX shell. */
export function commandLine(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

/** A command of this program that a person may copy from the terminal into a shell. */
export function ownCommand(...words: readonly string[]): string {
  return plainText(commandLine(["catmaid-image", ...words]));
}
