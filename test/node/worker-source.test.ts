import { parse } from "acorn";
import { expect, test } from "vitest";
import { tileWorkerSource } from "../../build/tile-worker-plugin.js";

test.each([
  "virtual:tile-worker-source",
  "virtual:complete-tile-worker-source",
  "virtual:node-tile-worker-source",
])("%s declares no global name, which could be one that is there already, such as gc", async (id) => {
  const { body } = parse(await tileWorkerSource(id), { ecmaVersion: 2022 });
  expect(body.map(({ type }) => type)).toEqual(["ExpressionStatement"]);
});
