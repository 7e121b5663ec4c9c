import { expect, test } from "vitest";
import { ImageFetcher } from "../../src/fetcher/image-fetcher.js";
import { StackMirror } from "../../src/stack/mirror/stack-mirror.js";
import { Stack } from "../../src/stack/stack.js";

test("a browser says which headers it does not let a page set, and not what is in them", async () => {
  const mirror = new StackMirror({
    imageBase: "https://tiles.example.org/",
    fileExtension: "png",
    tileWidth: 64,
    tileHeight: 64,
    tileSourceType: 1,
  });
  const warnings: string[] = [];
  const fetcher = new ImageFetcher(new Stack({ dimension: { x: 1, y: 1, z: 1 }, mirrors: [mirror] }), {
    headers: { Referer: "secret", "X-Lab": "secret", "Sec-Fetch-Mode": "secret" },
    onWarning: (message) => warnings.push(message),
  });
  expect(warnings).toEqual(["browsers do not let a page set Referer, Sec-Fetch-Mode: not sent"]);
  await fetcher.close();
});
