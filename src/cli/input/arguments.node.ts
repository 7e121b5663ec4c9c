import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "../usage-error.js";

/** Options of a command, in the form of Node's `parseArgs`. */
export type CommandOptions = NonNullable<ParseArgsConfig["options"]>;

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Whether a text is a decimal number, apart from spaces around it. */
export function isDecimal(text: string): boolean {
  return decimal.test(text.trim());
}

/** The words of a command line. Values are checked when they are read. */
export class Arguments {
  /** The words that are not part of an option. */
  readonly positionals: readonly string[];
  /** All words in the order in which they were given. */
  readonly tokens: readonly WordToken[];
  readonly #values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

  /** Throws a {@link UsageError} for options that the command does not have. */
  constructor(words: readonly string[], options: CommandOptions) {
    const { positionals, values, tokens } = parse(words, options);
    this.positionals = positionals;
    this.tokens = tokens as readonly WordToken[];
    checkTokens(this.tokens, options);
    this.#values = values as Record<string, string | boolean | readonly string[] | undefined>;
  }

  /** Whether a flag was given. */
  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== false;
  }

  /** The text of an option, or `undefined` if it was not given. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === "") throw new UsageError(`--${name} is empty`);
    return typeof value === "string" ? value : undefined;
  }

  /** The texts of an option that may be given several times. */
  texts(name: string): readonly string[] {
    const values = this.#values[name];
    return Array.isArray(values) ? values : [];
  }

  /** The number of an option, in a range. */
  number(name: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = decimal.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const limits = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw new UsageError(`--${name} must be a number ${limits}, not "${text}"`);
  }

  /** The whole number of an option, in a range. */
  whole(name: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.number(name, least, most);
    if (value === undefined || Number.isInteger(value)) return value;
    throw new UsageError(`--${name} must be a whole number, not ${value}`);
  }

  /** The value of an option that takes one of several words. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    const choice = choices.find((candidate) => candidate === text);
    if (text === undefined || choice !== undefined) return choice;
    throw new UsageError(`--${name} must be ${listText(choices)}, not "${text}"`);
  }
}

function parse(words: readonly string[], options: CommandOptions) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    throw new UsageError(sentenceOfNode(error));
  }
}

/** A word of a command line, or an option with its value. */
export type WordToken =
  | { readonly kind: "positional"; readonly value: string }
  | { readonly kind: "option-terminator" }
  | {
      readonly kind: "option";
      readonly name: string;
      readonly rawName: string;
      readonly value: string | undefined;
    };

/** Refuses two errors that Node accepts: an option that is given twice, and `-o=FILE`, which it reads as a file `=FILE`. */
function checkTokens(tokens: readonly WordToken[], options: CommandOptions): void {
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option" || token.value === undefined) continue;
    const { name, rawName, value } = token;
    if (!rawName.startsWith("--") && value.startsWith("=")) {
      throw new UsageError(`${rawName} is followed by a space, not by "=": ${rawName} ${value.slice(1)}`);
    }
    if (seen.has(name) && !options[name]?.multiple) throw new UsageError(`--${name} is given twice`);
    seen.add(name);
  }
}

/** Shortens a message of Node's parser. Of its hints, only the one on values that begin with a dash is useful. */
function sentenceOfNode(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [first = ""] = message.split(/\. |\n/);
  const advice = /^To (specify an option argument starting with a dash .*?)\.?$/m.exec(message)?.[1];
  return first.replace(/\.$/, "") + (advice === undefined ? "" : `: to ${advice}`);
}

function listText(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
}
