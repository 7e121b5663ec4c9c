import { afterAll, expect, test } from "vitest";
import { ImageFetcher } from "../../../src/fetcher/image-fetcher.js";
import { closeSharedPools } from "../../../src/pool/shared-pool.js";
import { modelStackInfo } from "../../support/model/model-fetcher.js";
import { ModelServer } from "../../support/model/model-server.js";
import { expectedVolume, modelStack } from "../../support/model/model-stack.js";

afterAll(closeSharedPools);

const stack = modelStack();
const roi = [
  [0, 0, 0],
  [6, 107, 150],
] as const; // 54 tiles

/** A server that answers so many requests at a time, each after some ms, and others with 503. */
async function serverThatBears(most: number) {
  let inFlight = 0;
  const seen = { answered: 0, refused: 0 };
  const server = await ModelServer.start(stack, () => {
    if (inFlight >= most) {
      seen.refused++;
      return { status: 503 };
    }
    inFlight++;
    seen.answered++;
    return {
      answer: (file, response) => {
        setTimeout(() => {
          inFlight--;
          response.writeHead(200, { "Content-Type": "image/png" }).end(file);
        }, 5);
      },
    };
  });
  return { server, seen };
}

test("a server that bears few requests: tasks that know nothing of each other all slow down, and none fails", async () => {
  const { server, seen } = await serverThatBears(4);
  const info = modelStackInfo(stack, [server.base()]);
  const retry = { baseDelayMs: 5 };
  const tasks = Array.from({ length: 4 }, () => ImageFetcher.fromStackInfo(info, { maxRequests: 8, retry }));
  try {
    const volumes = await Promise.all(tasks.map((task) => task.get(roi)));
    const [lower, upper] = roi;
    const expected = expectedVolume(stack, { lower, upper });
    for (const { data } of volumes) expect(data).toEqual(expected.data);
    expect(seen.answered).toBe(4 * 54);
    // About half as many, and thrice as many as answers where no task asks for less.
    expect(seen.refused).toBeLessThan(1.25 * seen.answered);
  } finally {
    await Promise.all(tasks.map((task) => task.close()));
    await server.close();
  }
});
