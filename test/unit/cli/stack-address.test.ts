import { describe, expect, it } from "vitest";
import { looksLikeAddress, stackAddress, withScheme } from "../../../src/cli/input/stack-address.js";
import { UsageError } from "../../../src/cli/usage-error.js";

describe("the stack that an address names", () => {
  it.each([
    ["https://h/catmaid/1/stack/2/info", "https://h/catmaid/", "1", "2"],
    ["https://h/catmaid/?pid=1&zp=0&yp=5.5&tool=navigator&sid0=2&s0=0", "https://h/catmaid/", "1", "2"],
    ["http://localhost:8000?sid0=2&pid=1", "http://localhost:8000", "1", "2"],
    ["https://h/catmaid/?pid=1&sid0=2&s0=1&sid1=3#x?pid=9", "https://h/catmaid/", "1", "2"],
    ["https://u:p@h/catmaid/index.html?pid=1&sid0=a%20b", "https://u:p@h/catmaid/", "1", "a b"],
  ])("%s", (source, baseUrl, projectId, stackId) => {
    const address = stackAddress(source);
    expect({ ...address, baseUrl: new URL(address?.baseUrl ?? "").href }).toEqual({
      baseUrl: new URL(baseUrl).href,
      projectId,
      stackId,
    });
  });

  it.each(["https://h/stack.json", "https://h/a?id=1", "https://h/?pid=&sid0=2"])(
    "%s names none",
    (source) => {
      expect(stackAddress(source)).toBeUndefined();
    },
  );

  it("a viewer without a stack is told how to go on, without a password", () => {
    const ask = () => stackAddress("https://u:secret@h/catmaid/?pid=1&zp=0");
    expect(ask).toThrow(UsageError);
    expect(ask).toThrow("give --server https://h/catmaid/ --project 1 --stack ID");
  });
});

it.each([
  ["localhost:8000/1/stack/1/info", "http://localhost:8000/1/stack/1/info"],
  ["127.0.0.1/1/stack/1/info", "http://127.0.0.1/1/stack/1/info"],
  ["[::1]:80/x", "http://[::1]:80/x"],
  ["localhost?pid=1&sid0=1", "http://localhost?pid=1&sid0=1"],
  ["localhost.json", "localhost.json"],
  ["127.json", "127.json"],
  ["http://localhost/", "http://localhost/"],
])("%s is taken for %s", (text, meant) => {
  expect(withScheme(text)).toBe(meant);
});

it.each([
  ["example.org/catmaid/1/stack/2/info", true],
  ["catmaid:8000/1/stack/2/info", true],
  ["example.org/?pid=1", true],
  ["stack.json", false],
  ["folder/stack.json", false],
  ["./a.b/stack.json", false],
])("%s looks like an address: %s", (text, does) => {
  expect(looksLikeAddress(text)).toBe(does);
});
