/**
 * The body of an async function, in JavaScript as users would write it. It makes all public objects that hold
 * credentials, inspects them in all ways that code has, and returns the places where it saw a credential: an empty
 * list.
 *
 * @param library - An expression for the exports of the library.
 * @param info - Stack info of the test stack.
 * @param inspect - An expression for a function that turns anything into text, as a console does.
 */
export function secretsInSight(library: string, info: object, inspect = "String"): string {
  return `
    const { CatmaidClient, ImageFetcher, ProjectStack, StackMirror, ThreadedImageFetcher } = ${library};
    const textOf = ${inspect};
    const info = ${JSON.stringify(info)};
    const word = "very-secret";
    const secrets = [word, btoa(word + "-user:" + word + "-password")];
    const kinds = {
      "user and password": [word + "-user", word + "-password"],
      token: { token: word },
      headers: () => ({ Authorization: word }),
    };
    const withUser = (url) => url.replace("://", "://" + word + "-user:" + word + "-password@");

    /** All primitives that can be reached, hidden properties and their names too. */
    function* reached(value, seen = new Set()) {
      if (typeof value === "symbol") yield String(value);
      if ((typeof value !== "object" && typeof value !== "function") || value === null) return yield String(value);
      if (seen.has(value)) return;
      seen.add(value);
      if (value instanceof Map || value instanceof Set) for (const entry of value) yield* reached(entry, seen);
      if (ArrayBuffer.isView(value)) return;
      for (const key of Reflect.ownKeys(value)) {
        yield String(key);
        yield* reached(value[key], seen);
      }
    }
    /** As jQuery's $.extend(true, {}, object): inherited properties too, if they can be enumerated. */
    const extend = (object, depth = 0) => {
      const copy = {};
      for (const key in object) {
        const value = object[key];
        copy[key] = typeof value === "object" && value !== null && depth < 9 ? extend(value, depth + 1) : value;
      }
      return copy;
    };
    const ways = {
      "JSON.stringify": (object) => JSON.stringify(object),
      "Object.values": (object) => Object.values(object),
      "Object.entries": (object) => Object.entries(object),
      "for in": (object) => { const all = []; for (const key in object) all.push(object[key]); return all; },
      spread: (object) => ({ ...object }),
      "Object.assign": (object) => Object.assign({}, object),
      "$.extend": (object) => extend(object),
      structuredClone: (object) => { try { return structuredClone(object); } catch (error) { return String(error); } },
      String: (object) => String(object),
      inspect: (object) => textOf(object),
      "hidden properties": (object) => object,
    };

    const found = [];
    const look = (name, object) => {
      for (const [way, see] of Object.entries(ways))
        for (const text of reached(see(object)))
          if (secrets.some((secret) => text.includes(secret))) found.push(name + ", " + way);
    };

    const options = { onWarning: () => {}, retry: { attempts: 1 } };
    for (const [kind, auth] of Object.entries(kinds)) {
      for (const [name, Fetcher] of Object.entries({ ImageFetcher, ThreadedImageFetcher })) {
        const fetcher = Fetcher.fromStackInfo(info, { ...options, auth });
        const { report } = await fetcher.get([[0, 0, 0], [1, 4, 4]]);
        look("the " + name + " with " + kind, fetcher);
        look("the report of a fetch with " + kind, report);
        look("the probes with " + kind, await fetcher.probeMirrors());
        const elsewhere = Fetcher.fromStackInfo(
          { ...info, mirrors: [{ ...info.mirrors[0], image_base: "http://127.0.0.1:1/" }] },
          { ...options, auth },
        );
        const error = await elsewhere.get([[0, 0, 0], [1, 4, 4]]).catch((reason) => reason);
        if (error.code !== "tile-fetch") throw error;
        look("an error of a fetch with " + kind, error);
        await Promise.all([fetcher.close(), elsewhere.close()]);
      }
      look("a client with " + kind, new CatmaidClient({ baseUrl: "http://127.0.0.1/", auth }));
      look("a mirror with " + kind, StackMirror.fromJSON(info.mirrors[0], { auth }));
    }
    look("a client with a user in its URL", new CatmaidClient({ baseUrl: withUser("http://127.0.0.1/") }));
    const api = { url: "http://127.0.0.1/", api_key: word, http_auth_user: word, http_auth_pass: word };
    look("the client of an API", CatmaidClient.fromApi(api));
    const stack = ProjectStack.fromStackInfo(
      { ...info, mirrors: [{ ...info.mirrors[0], image_base: withUser(info.mirrors[0].image_base) }] },
      { settings: { maxTiles: 5, authToken: word, headers: { Authorization: word } } },
    );
    look("a stack with a user in a mirror's address, and the settings of a Boss layer", stack);
    const [mirror] = stack.mirrors;
    if (mirror.auth === undefined || mirror.settings.maxTiles !== 5) throw new Error("there is nothing to hide");
    look("its mirror", mirror);
    return [...new Set(found)];
  `;
}
