import { expect, onTestFinished, test, vi } from "vitest";
import { ThreadTurn } from "../../../src/concurrency/thread-turn.js";

function useUp(turn: ThreadTurn): void {
  while (!turn.over);
}

test("lasts 8 ms from the first work on, and begins anew when it was passed", async () => {
  let now = performance.now();
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  const turn = new ThreadTurn(new AbortController().signal);
  for (let turns = 0; turns < 2; turns++) {
    await turn.pass();
    now += 100;
    expect(turn.over).toBe(false);
    now += 7;
    expect(turn.over).toBe(false);
    now += 1;
    expect(turn.over).toBe(true);
  }
});

test("is the same for all on the thread", async () => {
  const [one, other] = [0, 1].map(() => new ThreadTurn(new AbortController().signal)) as [
    ThreadTurn,
    ThreadTurn,
  ];
  useUp(one);
  expect(other.over).toBe(true);
});

test("timers and messages come between", async () => {
  const turn = new ThreadTurn(new AbortController().signal);
  const heard: string[] = [];
  setTimeout(() => heard.push("timer"), 0);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => heard.push("message");
  port2.postMessage("");
  for (let turns = 0; turns < 3; turns++) {
    useUp(turn);
    await turn.pass();
  }
  port1.close();
  expect(heard.sort()).toEqual(["message", "timer"]);
});

test("those who wait for the same turn go on one after the other", async () => {
  const turn = new ThreadTurn(new AbortController().signal);
  useUp(turn);
  const log: string[] = [];
  const work = async (name: string): Promise<void> => {
    while (turn.over) await turn.pass();
    log.push(name);
    useUp(turn);
  };
  const passes = async (): Promise<void> => {
    for (let passed = 1; passed <= 3; passed++) {
      await turn.pass();
      log.push(`pass ${passed}`);
    }
  };
  await Promise.all([work("first"), work("second"), work("third"), passes()]);
  const order = log.filter((entry) => !entry.startsWith("pass"));
  expect(order).toEqual(["first", "second", "third"]);
  for (const [i, entry] of log.entries()) {
    if (i > 0 && !entry.startsWith("pass")) expect(log[i - 1]).toMatch("pass");
  }
});

test("after an abort, passing it rejects with the reason", async () => {
  const controller = new AbortController();
  const passed = new ThreadTurn(controller.signal).pass();
  controller.abort("enough");
  await expect(passed).rejects.toBe("enough");
});
