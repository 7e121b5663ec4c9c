import { describe, expect, test } from "vitest";
import { MirrorChoice } from "../../../src/fetcher/mirror-choice.js";
import { nameOf } from "../../../src/stack/mirror/mirror-name.js";
import type { StackMirrorOptions } from "../../../src/stack/mirror/stack-mirror.js";
import { StackMirror } from "../../../src/stack/mirror/stack-mirror.js";
import { Stack } from "../../../src/stack/stack.js";

function mirror(title: string, position: number, changes: Partial<StackMirrorOptions> = {}): StackMirror {
  return new StackMirror({
    imageBase: `https://${title.replaceAll(/\W/g, "")}.example/tiles/`,
    fileExtension: "png",
    tileWidth: 64,
    tileHeight: 64,
    tileSourceType: 1,
    title,
    position,
    ...changes,
  });
}

function choiceOf(mirrors: readonly StackMirror[], preferred?: number | string | StackMirror) {
  const warnings: string[] = [];
  const stack = new Stack({ dimension: { x: 100, y: 100, z: 10 }, mirrors });
  return { choice: new MirrorChoice(stack, preferred, (message) => warnings.push(message)), warnings };
}

const blocks = { tileSourceType: 15 };

describe("choosing a mirror", () => {
  test("takes the first by position that can be used", () => {
    const [late, blocked, early] = [mirror("late", 9), mirror("blocked", 0, blocks), mirror("early", 2)];
    const { choice, warnings } = choiceOf([late, blocked, early]);
    expect(choice.current).toBe(early);
    expect(warnings).toEqual([]);
  });

  test("takes one by position, by title, or itself", () => {
    const mirrors = [mirror("a", 0), mirror("b", 1), mirror("c", 5)];
    for (const preferred of [5, "c", mirrors[2]]) {
      const { choice, warnings } = choiceOf(mirrors, preferred);
      expect(choice.current).toBe(mirrors[2]);
      choice.choose(0);
      expect(choice.current).toBe(mirrors[0]);
      expect(warnings).toEqual([]);
    }
  });

  test("takes a mirror of the caller's own making", () => {
    const own = mirror("own", 0);
    expect(choiceOf([mirror("a", 0)], own).choice.current).toBe(own);
  });

  test("a title that is a number can be had, by its text", () => {
    const mirrors = [mirror("a", 0), mirror("7", 1), mirror("b", 7)];
    expect(choiceOf(mirrors, "7").choice.current).toBe(mirrors[1]);
    expect(choiceOf(mirrors, 7).choice.current).toBe(mirrors[2]);
  });

  test.each([["no such mirror"], [3], [Number.NaN]])(
    "an unknown one (%s) warns, names those there are, and takes the first",
    (preferred) => {
      const mirrors = [mirror("a", 0), mirror("b", 1)];
      const { choice, warnings } = choiceOf(mirrors, preferred);
      expect(choice.current).toBe(mirrors[0]);
      expect(warnings).toEqual([
        expect.stringMatching(/no mirror .* \(it has 0 "a", 1 "b"\); using 0 "a" instead$/),
      ]);
    },
  );

  test("an unknown one of a stack without mirrors warns, too", () => {
    const { choice, warnings } = choiceOf([], "a");
    expect(warnings).toEqual(['the stack has no mirror "a" (it has none)']);
    expect(() => choice.current).toThrow(expect.objectContaining({ code: "no-mirror" }));
  });

  test("one that cannot be used is an error that says why, and changes nothing", () => {
    const mirrors = [mirror("a", 0), mirror("b", 1, blocks)];
    const refusal = expect.objectContaining({
      code: "unsupported-mirror",
      message: expect.stringMatching(/the mirror 1 "b" cannot be used: it has tile source type 15/),
    });
    expect(() => choiceOf(mirrors, "b")).toThrow(refusal);
    const { choice } = choiceOf(mirrors);
    expect(() => choice.choose("b")).toThrow(refusal);
    expect(choice.current).toBe(mirrors[0]);
  });

  test.each([[{}], [null], [true]])(
    "what is neither position nor title nor mirror (%j) is refused",
    (preferred) => {
      expect(() => choiceOf([mirror("a", 0)], preferred as unknown as string)).toThrow(
        expect.objectContaining({ code: "invalid-option" }),
      );
    },
  );

  test("where none can be used, an error says why of each", () => {
    const { choice } = choiceOf([mirror("a", 0, blocks), mirror("b", 1, { imageBase: "file:///tiles/" })]);
    expect(() => choice.current).toThrow(
      expect.objectContaining({
        code: "no-mirror",
        message: expect.stringMatching(/0 "a" has tile source type 15.*; 1 "b" has a URL of scheme file:/),
      }),
    );
  });

  test("a mirror's name holds no credentials", () => {
    expect(nameOf(mirror("a", 3, { imageBase: "https://user:secret@host/" }))).toBe('3 "a"');
  });
});

describe("credentials", () => {
  const shared = { imageBase: "https://one.example/a/" };
  const sameOrigin = { imageBase: "https://one.example/b/" };
  const elsewhere = { imageBase: "https://two.example/a/" };

  test("stay with the origin of the mirror that they were given for", () => {
    const [a, b, c] = [mirror("a", 0, shared), mirror("b", 1, sameOrigin), mirror("c", 2, elsewhere)];
    const { choice } = choiceOf([a, b, c]);
    choice.setAuth(a, { token: "t" });
    expect([choice.authOf(a), choice.authOf(b), choice.authOf(c)]).toEqual([
      { token: "t" },
      { token: "t" },
      undefined,
    ]);
  });

  test("scheme and port are part of an origin", () => {
    const a = mirror("a", 0, { imageBase: "https://one.example/" });
    const others = ["http://one.example/", "https://one.example:8443/", "https://sub.one.example/"].map(
      (imageBase, i) => mirror(`m${i}`, i + 1, { imageBase }),
    );
    const { choice } = choiceOf([a, ...others]);
    choice.setAuth(a, { token: "t" });
    expect(others.map((other) => choice.authOf(other))).toEqual([undefined, undefined, undefined]);
  });

  test("given for a mirror, they come before its own; others of its origin keep their own", () => {
    const own = { auth: ["own", "1"] } as const;
    const [a, b] = [mirror("a", 0, { ...shared, ...own }), mirror("b", 1, { ...sameOrigin, ...own })];
    const { choice } = choiceOf([a, b]);
    expect(choice.authOf(a)).toEqual(["own", "1"]);
    choice.setAuth(a, { token: "new" });
    expect([choice.authOf(a), choice.authOf(b)]).toEqual([{ token: "new" }, ["own", "1"]]);
    choice.setAuth(a, undefined);
    expect(choice.authOf(a)).toEqual(["own", "1"]);
  });

  test("are checked, without being shown", () => {
    const a = mirror("a", 0);
    const { choice } = choiceOf([a]);
    const refused = (): void => choice.setAuth(a, "secret" as unknown as { token: string });
    expect(refused).toThrow(expect.objectContaining({ code: "invalid-option" }));
    expect(refused).not.toThrow("secret");
  });
});
