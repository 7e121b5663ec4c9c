import { expect, test } from "vitest";
import type { Turn } from "../../../src/concurrency/in-turns.js";
import { inTurns } from "../../../src/concurrency/in-turns.js";

/** Turns of so many pieces each. */
class CountedTurn implements Turn {
  readonly #pieces: number;
  #left: number;
  #passing: Promise<void> | undefined;
  most = 0;

  constructor(pieces: number) {
    this.#pieces = pieces;
    this.#left = pieces;
  }

  get over(): boolean {
    return this.#left <= 0;
  }

  async pass(): Promise<void> {
    this.#passing ??= new Promise((resolve) => setTimeout(resolve, 0)).then(() => {
      this.#passing = undefined;
      this.#left = this.#pieces;
    });
    await this.#passing;
  }

  work(): void {
    this.#left--;
    this.most = Math.max(this.most, this.#pieces - this.#left);
  }
}

test("what fits into the turn is done at once", () => {
  const turn = new CountedTurn(3);
  const done: number[] = [];
  const running = inTurns([1, 2, 3].values(), (piece) => done.push(piece), turn);
  expect(running).toBeUndefined();
  expect(done).toEqual([1, 2, 3]);
});

test("the rest is done in further turns, in order", async () => {
  const turn = new CountedTurn(3);
  const done: number[] = [];
  const work = (piece: number): void => {
    turn.work();
    done.push(piece);
  };
  const running = inTurns(Array(10).keys(), work, turn);
  expect(done).toEqual([0, 1, 2]);
  await running;
  expect(done).toEqual([...Array(10).keys()]);
});

test("however many wait for it, a turn lasts no longer", async () => {
  const turn = new CountedTurn(2);
  const done: string[] = [];
  const worker = (name: number) =>
    inTurns(
      Array(5).keys(),
      (piece) => {
        turn.work();
        done.push(`${name}.${piece}`);
      },
      turn,
    );
  await Promise.all(Array.from({ length: 32 }, (_, name) => worker(name)));
  expect(done).toHaveLength(160);
  expect(turn.most).toBe(2);
});

test("work that throws is what it rejects with, and nothing follows", async () => {
  const turn = new CountedTurn(1);
  const done: number[] = [];
  const running = inTurns(
    [1, 2, 3].values(),
    (piece) => {
      turn.work();
      done.push(piece);
      if (piece === 2) throw new Error("no room");
    },
    turn,
  );
  await expect(running).rejects.toThrow("no room");
  expect(done).toEqual([1, 2]);
});
