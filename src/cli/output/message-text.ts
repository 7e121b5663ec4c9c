import { plainText } from "./plain-text.js";

/** Wordings of the library's messages, and their replacements on the command line. */
const wordings: readonly (readonly [library: RegExp, here: string])[] = [
  [asWord('missingTile: "(\\w+)"'), "--missing $1"],
  [asWord('brokenSliceHandling "(\\w+)"'), "--broken-slices $1"],
  [asWord("another brokenSliceHandling"), "another value of --broken-slices"],
  [asWord("brokenSliceHandling"), "--broken-slices"],
  [/of this mirror \(auth\)/g, "of this mirror (--mirror-user or --mirror-token)"],
  [/that it wants \(headers\)/g, "that it wants (--mirror-header)"],
  [/ answered with status 404(?:: [^;]*)?$/g, "$&; check the address"],
  [/; no credentials were sent(?!:)/g, "; no credentials were sent: give --token or --user"],
  [asWord("missingStatuses"), "--missing-status"],
  [asWord('dataType: "(\\w+)"'), "--data-type $1"],
  [asWord("channel: (\\d)"), "--channel $1"],
  [asWord("fillValue"), "--fill"],
  [/, as a bigint where it is not a safe number/g, ""],
  [asWord("dataType"), "--data-type"],
  [asWord("channel is"), "--channel is"],
  [asWord("channel (\\w+|\\(default\\)), not"), "--channel $1, not"],
  [
    /go on with it \(existing: "resume"\), replace it \(existing: "overwrite"\)/g,
    "go on with it (--resume), replace it (--overwrite)",
  ],
  [/existing: "repair"/g, "--repair"],
  [/\(existing: "overwrite"\)/g, "(--overwrite)"],
  [/give imageJ: false if tifffile is to read the file, or take another format/g, "take another format"],
  [/; offset: "nearest" moves it by half a voxel at most/g, "; another format has no such limit"],
  [asWord("chunkShape"), "--chunk"],
  [asWord("shardShape"), "--shard"],
  [asWord("maxMemoryBytes"), "--max-memory, here in bytes,"],
  [asWord("levels must"), "--levels must"],
  [asWord("compression must"), "--compression must"],
  [asWord("npm install (\\w+)(?!, with)"), "npm install $1, with --global if catmaid-image was installed so"],
  [asWord("as baseUrl"), "as STACK or --server"],
  [asWord("baseUrl"), "--server"],
  [asWord("catmaidUrl"), "--server"],
  [/,? and in a browser also [^;.]*/g, ""],
];

/**
 * Rewrites a message of the library for the command line, which has other names of options and no web page. A rewritten
 * message stays as it is: that of a failed task is logged, and then printed.
 */
export function messageText(message: string): string {
  return plainText(wordings.reduce((text, [library, here]) => text.replace(library, here), message));
}

/** Matches a pattern only as a word of its own, and not within a URL. */
function asWord(pattern: string): RegExp {
  return new RegExp(`(?<![\\w/.?&=%-])${pattern}(?![\\w/=-])`, "g");
}
