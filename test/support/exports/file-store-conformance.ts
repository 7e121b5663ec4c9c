import { describe, expect, test } from "vitest";
import type { FileStore } from "../../../src/out/store/file-store.js";
import { filesUnder } from "../../../src/out/store/files-under.js";

/** Tests what every readable store has to do. */
export function describeFileStore(
  name: string,
  make: () => Promise<Required<Omit<FileStore, "name" | "discard">>>,
): void {
  const text = (bytes: Uint8Array | undefined): string | undefined =>
    bytes && new TextDecoder().decode(bytes);
  const bytes = (of: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(of);
  const paths = async (store: Awaited<ReturnType<typeof make>>): Promise<string[]> => {
    const found: string[] = [];
    for await (const path of filesUnder(store, "")) found.push(path);
    return found.filter((path) => !path.startsWith("."));
  };

  describe(name, () => {
    test("gives back what was put, also in the place of another, and of a view only what it shows", async () => {
      const store = await make();
      await store.put("0/c/1/2/3", bytes("first and longer"));
      await store.put("0/c/1/2/3", bytes("--second--").subarray(2, 8));
      expect(text(await store.get("0/c/1/2/3"))).toBe("second");
      expect(await store.size("0/c/1/2/3")).toBe(6);
      await store.put("empty", new Uint8Array(0));
      expect(await store.size("empty")).toBe(0);
      expect(await paths(store)).toEqual(["0/c/1/2/3", "empty"]);
    });

    test("keeps what was put, whatever becomes of the memory", async () => {
      const store = await make();
      const memory = bytes("kept");
      await store.put("a", memory);
      await store.append("b", memory);
      memory.fill(0);
      expect([text(await store.get("a")), text(await store.get("b"))]).toEqual(["kept", "kept"]);
    });

    test("says nothing of what is not there", async () => {
      const store = await make();
      await store.put("a/b", bytes("b"));
      for (const path of ["b", "a/c", "x/y/z"]) {
        expect([await store.get(path), await store.size(path)]).toEqual([undefined, undefined]);
        await store.remove(path);
      }
      await store.remove("x/");
      expect(await store.list("x/")).toEqual([]);
      expect(await paths(store)).toEqual(["a/b"]);
    });

    test("adds to the end of a file that need not be there", async () => {
      const store = await make();
      for (const piece of ["one ", "two ", "", "three"]) await store.append("logs/log", bytes(piece));
      expect(text(await store.get("logs/log"))).toBe("one two three");
      expect(await store.size("logs/log")).toBe(13);
      await store.put("logs/log", bytes("anew"));
      await store.append("logs/log", bytes("!"));
      expect(text(await store.get("logs/log"))).toBe("anew!");
    });

    test("lists files and folders, and removes either, and puts into what was removed", async () => {
      const store = await make();
      for (const path of ["0/0", "0/1/2", "0.zarr", "1/0", ".dot"]) await store.put(path, bytes(path));
      expect([...(await store.list(""))].filter((entry) => entry !== ".catmaid-image/").sort()).toEqual([
        ".dot",
        "0.zarr",
        "0/",
        "1/",
      ]);
      expect([...(await store.list("0/"))].sort()).toEqual(["0", "1/"]);
      await store.remove("0/");
      await store.remove("0.zarr");
      expect(await paths(store)).toEqual(["1/0"]);
      await store.put("0/1/3", bytes("again"));
      expect(await paths(store)).toEqual(["0/1/3", "1/0"]);
    });

    test("takes many at a time, names of other scripts too, and leaves nothing else behind", async () => {
      const store = await make();
      const names = Array.from({ length: 40 }, (_, i) => `s${i % 3}/größe ${i} 体`);
      await Promise.all(names.map((path) => store.put(path, bytes(path))));
      await store.close();
      expect(await paths(store)).toEqual([...names].sort());
      for (const path of names) expect(text(await store.get(path))).toBe(path);
      expect((await store.list(".catmaid-image/")).filter((entry) => entry === "tmp/")).toEqual([]);
    });
  });
}
