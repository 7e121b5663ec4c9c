import { InvalidOptionError, NoMirrorError, UnsupportedMirrorError } from "../errors.js";
import { originOf } from "../source/mirror-origin.js";
import type { Auth } from "../stack/mirror/auth.js";
import { checkAuth } from "../stack/mirror/auth.js";
import { nameOf } from "../stack/mirror/mirror-name.js";
import { type RequestHeaders, withheldHeaders } from "../stack/mirror/request-headers.js";
import type { StackMirror } from "../stack/mirror/stack-mirror.js";
import { isStackMirror } from "../stack/mirror/stack-mirror.js";
import type { Stack } from "../stack/stack.js";

/** The mirror in use, and the credentials and headers of each mirror. */
export class MirrorChoice {
  readonly #stack: Stack;
  readonly #onWarning: (message: string) => void;
  readonly #authByMirror = new Map<StackMirror, Auth>();
  readonly #authByOrigin = new Map<string, Auth>();
  readonly #headersByOrigin = new Map<string, RequestHeaders>();
  #current: StackMirror | undefined;

  constructor(
    stack: Stack,
    preferred: number | string | StackMirror | undefined,
    onWarning: (message: string) => void,
  ) {
    this.#stack = stack;
    this.#onWarning = onWarning;
    this.#current = preferred === undefined ? firstUsable(stack) : this.#find(preferred);
  }

  /** The mirror in use. Throws a `NoMirrorError` if the stack has none that can be used. */
  get current(): StackMirror {
    if (this.#current !== undefined) return this.#current;
    const reasons = this.#stack.mirrors.map((mirror) => `${nameOf(mirror)} ${problemOf(mirror)}`);
    throw new NoMirrorError(
      reasons.length === 0
        ? "the stack has no mirrors, so there is nowhere to fetch tiles from"
        : `none of the stack's mirrors can be used (${reasons.join("; ")})`,
    );
  }

  /** Switches to another mirror, given by its position, by its title or as itself. */
  choose(preferred: number | string | StackMirror): void {
    this.#current = this.#find(preferred);
  }

  /** The mirrors that may take over from a mirror: all other usable ones, or the usable ones of a list. */
  failoverFrom(
    mirror: StackMirror,
    wanted: boolean | readonly (number | string | StackMirror)[],
  ): readonly StackMirror[] {
    if (wanted === false) return [];
    const others = wanted === true ? this.#stack.mirrors : wanted.map((choice) => this.#known(choice));
    return others.filter((other) => other !== mirror && problemOf(other) === null);
  }

  /** Finds a mirror of the stack. Throws if it is unknown or cannot be used. */
  usable(choice: number | string | StackMirror): StackMirror {
    return checked(this.#known(choice, "the stack does not have this mirror"));
  }

  #known(
    choice: number | string | StackMirror,
    problem = "failover names a mirror that the stack does not have",
  ): StackMirror {
    const found = isStackMirror(choice) ? choice : this.#named(choice);
    if (found !== undefined) return found;
    throw new InvalidOptionError(`${problem}: ${JSON.stringify(choice)}`);
  }

  /** Credentials for a mirror: those given for it here, else its own, else those given for a mirror of its origin. */
  authOf(mirror: StackMirror): Auth | undefined {
    return this.#authByMirror.get(mirror) ?? mirror.auth ?? this.#authByOrigin.get(originOf(mirror));
  }

  /** Sets credentials for a mirror and those of its origin that have none of their own; `undefined` removes them. */
  setAuth(mirror: StackMirror, auth: Auth | undefined): void {
    checkAuth(auth);
    const origin = originOf(mirror);
    if (auth === undefined) {
      this.#authByMirror.delete(mirror);
      this.#authByOrigin.delete(origin);
    } else {
      this.#authByMirror.set(mirror, auth);
      this.#authByOrigin.set(origin, auth);
    }
  }

  /** Headers for a mirror besides its credentials: those given for its origin. */
  headersOf(mirror: StackMirror): RequestHeaders | undefined {
    return this.#headersByOrigin.get(originOf(mirror));
  }

  /** Sets headers for all mirrors of a mirror's origin. Warns of headers that the platform does not send. */
  setHeaders(mirror: StackMirror, headers: RequestHeaders): void {
    this.#headersByOrigin.set(originOf(mirror), headers);
    const withheld = withheldHeaders(headers);
    if (withheld.length > 0) {
      this.#onWarning(`browsers do not let a page set ${withheld.join(", ")}: not sent`);
    }
  }

  #find(preferred: number | string | StackMirror): StackMirror | undefined {
    const found = isStackMirror(preferred) ? preferred : this.#named(preferred);
    if (found !== undefined) return checked(found);
    const fallback = firstUsable(this.#stack);
    const instead = fallback === undefined ? "" : `; using ${nameOf(fallback)} instead`;
    const known = this.#stack.mirrors.map(nameOf).join(", ");
    this.#onWarning(
      `the stack has no mirror ${JSON.stringify(preferred)} (it has ${known || "none"})${instead}`,
    );
    return fallback;
  }

  #named(preferred: number | string): StackMirror | undefined {
    if (typeof preferred !== "number" && typeof preferred !== "string") {
      throw new InvalidOptionError("a mirror is chosen by its position, its title or itself");
    }
    return this.#stack.mirrorAt(preferred);
  }
}

function checked(mirror: StackMirror): StackMirror {
  const problem = problemOf(mirror);
  if (problem === null) return mirror;
  throw new UnsupportedMirrorError(`the mirror ${nameOf(mirror)} cannot be used: it ${problem}`);
}

function firstUsable(stack: Stack): StackMirror | undefined {
  return stack.mirrors.find((mirror) => problemOf(mirror) === null);
}

/** Why no tile can be fetched from a mirror here, as the end of a sentence; `null` if tiles can be fetched. */
function problemOf(mirror: StackMirror): string | null {
  if (mirror.unsupportedReason !== null) return mirror.unsupportedReason;
  try {
    originOf(mirror);
    return null;
  } catch {
    return "has an address relative to a page that is not known: give catmaidUrl with scheme and host";
  }
}
