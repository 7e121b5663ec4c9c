import { describe, expect, test } from "vitest";
import { shownUrl } from "../../../workers/transport/shown-url.js";

describe("shownUrl", () => {
  test.each([
    ["https://host/tiles/0/1_2_3.jpg", "https://host/tiles/0/1_2_3.jpg"],
    ["https://user:pass@host/1.jpg", "https://host/1.jpg"],
    ["https://user@host:8080/1.jpg?a=b@c", "https://host:8080/1.jpg?a=b@c"],
    ["https://host/a@b/1.jpg", "https://host/a@b/1.jpg"],
    ["https://u:p@ss@host/1.jpg", "https://host/1.jpg"],
    ["https://host/t?x=1&y=2&scale=0.5", "https://host/t?x=1&y=2&scale=0.5"],
    ["https://host/t?x=1&token=abc&y=2", "https://host/t?x=1&token=***&y=2"],
    ["https://host/t?access_token=abc", "https://host/t?access_token=***"],
    ["https://host/t?accessToken=abc#part", "https://host/t?accessToken=***#part"],
    ["https://host/t?X-Amz-Signature=abc&X-Amz-Date=1", "https://host/t?X-Amz-Signature=***&X-Amz-Date=***"],
    ["https://host/t?api_key=a;sig=b", "https://host/t?api_key=***;sig=***"],
    ["https://host/t?monkey=1&tokens=2", "https://host/t?monkey=1&tokens=2"],
    ["not a url at all", "not a url at all"],
    [
      "https://host/t?api%5Fkey=a&%74oken=b&auth[0]=c",
      "https://host/t?api%5Fkey=***&%74oken=***&auth[0]=***",
    ],
    ["https://host/t?%zz=1&%zztoken=a", "https://host/t?%zz=1&%zztoken=***"],
  ])("%s is shown as %s", (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });

  test.each([
    ...["token", "key", "secret", "signature", "sig", "password", "passwd", "pass", "pwd", "jwt"],
    ...["auth", "oauth", "authorization", "bearer", "credential", "credentials", "code", "sas", "session"],
    ...[
      "auth-token",
      "access-token",
      "api-token",
      "id-token",
      "refresh-token",
      "csrf-token",
      "session-token",
    ],
    ...["api-key", "access-key", "secret-key", "auth-key", "private-key", "client-secret", "access-key-id"],
    ...["session-id", "user-pass", "http-auth-pass", "auth-code", "oauth-signature", "sas-token"],
    ...["x-amz-signature", "x-amz-credential", "x-amz-security-token", "x-amz-date", "x-goog-signature"],
    ...["AWSAccessKeyId", "PHPSESSID", "JSESSIONID", "APIKey", "sharedAccessSignature"],
  ])("the value of %s is not shown, however it is written", (name) => {
    const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    for (const mark of ["-", "_", ".", ""]) {
      for (const form of [name.replaceAll("-", mark), camel]) {
        for (const written of [form, form.toUpperCase(), form.toLowerCase()]) {
          const shown = shownUrl(`https://host/t?x=1&${written}=hidden&y=2`);
          expect(shown).toBe(`https://host/t?x=1&${written}=***&y=2`);
        }
      }
    }
  });

  test("the parameters of tiles are shown", () => {
    const names = [
      ...[
        "x",
        "y",
        "z",
        "zoom",
        "zoom_level",
        "zoomLevel",
        "scale",
        "row",
        "col",
        "column",
        "width",
        "height",
      ],
      ...[
        "w",
        "h",
        "format",
        "quality",
        "tileWidth",
        "tile_size",
        "basename",
        "file_extension",
        "depth",
        "section",
      ],
      ...[
        "layer",
        "layers",
        "style",
        "styles",
        "service",
        "request",
        "version",
        "TileMatrix",
        "TileMatrixSet",
      ],
      ...[
        "bbox",
        "crs",
        "srs",
        "time",
        "level",
        "channel",
        "channels",
        "compression",
        "encoding",
        "stack",
        "sid",
      ],
      ...[
        "pid",
        "id",
        "tokens",
        "keys",
        "monkey",
        "turkey",
        "keyframe",
        "pixel",
        "passes",
        "compass",
        "bypass",
      ],
      ...[
        "author",
        "authors",
        "config",
        "encode",
        "barcode",
        "decode",
        "signal",
        "sigma",
        "design",
        "assassin",
      ],
      ...[
        "sessions",
        "codec",
        "contrast",
        "gamma",
        "min",
        "max",
        "colour",
        "orientation",
        "mirror",
        "cache",
        "v",
      ],
    ];
    const url = `https://host/t?${names.map((name, i) => `${name}=${i}`).join("&")}`;
    expect(shownUrl(url)).toBe(url);
    const shouted = `https://host/t?${names.map((name, i) => `${name.toUpperCase()}=${i}`).join("&")}`;
    expect(shownUrl(shouted)).toBe(shouted);
  });
});
