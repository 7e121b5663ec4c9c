import { describe, expect, test } from "vitest";
import type { Auth } from "../../../src/stack/mirror/auth.js";
import { authHeaders, checkAuth } from "../../../src/stack/mirror/auth.js";

describe("authHeaders", () => {
  test("nothing is no header", async () => {
    expect(await authHeaders(undefined, "Authorization")).toEqual({});
  });

  test("user and password are HTTP Basic, in UTF-8", async () => {
    expect(await authHeaders(["Aladdin", "open sesame"], "X-Authorization")).toEqual({
      Authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    });
    expect(await authHeaders(["test", "123£"], "Authorization")).toEqual({
      Authorization: "Basic dGVzdDoxMjPCow==",
    });
    expect(await authHeaders(["", ""], "Authorization")).toEqual({ Authorization: "Basic Og==" });
  });

  test.each(["Authorization", "X-Authorization"] as const)("a token goes into %s", async (header) => {
    expect(await authHeaders({ token: "abc" }, header)).toEqual({ [header]: "Token abc" });
  });

  test("a function is asked for headers, each time", async () => {
    let asked = 0;
    const auth = async () => ({ Authorization: `Bearer ${++asked}`, Cookie: "a=b" });
    expect(await authHeaders(auth, "Authorization")).toEqual({ Authorization: "Bearer 1", Cookie: "a=b" });
    expect(await authHeaders(auth, "Authorization")).toEqual({ Authorization: "Bearer 2", Cookie: "a=b" });
    expect(await authHeaders(() => ({}), "Authorization")).toEqual({});
  });

  test.each<[string, Auth]>([
    ["a line break in a token", { token: "very-secret\nHost: evil" }],
    ["a carriage return", () => ({ Authorization: "very-secret\rx" })],
    ["a NUL", () => ({ Authorization: "very-secret\0x" })],
    ["what Latin-1 does not have", { token: "very-secret→" }],
    ["a name that is none", () => ({ "Bad Name": "very-secret" })],
    ["an empty name", () => ({ "": "very-secret" })],
    ["a value that is no text", () => ({ Authorization: undefined }) as unknown as Record<string, string>],
    ["nothing at all", () => undefined as unknown as Record<string, string>],
    ["a text instead of headers", () => "very-secret" as unknown as Record<string, string>],
  ])("%s is refused without being shown", async (_what, auth) => {
    const error: unknown = await authHeaders(auth, "Authorization").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "InvalidOptionError", code: "invalid-option" });
    expect(String(error)).not.toContain("very-secret");
  });

  test("a function that fails is passed on as it is", async () => {
    const failure = new Error("the vault is shut");
    const failing = (): never => {
      throw failure;
    };
    await expect(authHeaders(failing, "Authorization")).rejects.toBe(failure);
  });
});

describe("checkAuth", () => {
  test.each([[undefined], [["a", "b"]], [{ token: "" }], [() => ({})]])("takes %j", (auth) => {
    expect(() => checkAuth(auth)).not.toThrow();
  });

  test.each([[null], ["a"], [["a"]], [["a", 1]], [{}], [{ token: 1 }], [1]])(
    "refuses %j, by name",
    (auth) => {
      expect(() => checkAuth(auth, "mirror.auth")).toThrow(
        expect.objectContaining({
          code: "invalid-option",
          message: expect.stringMatching(/^mirror\.auth must be/),
        }),
      );
    },
  );
});
