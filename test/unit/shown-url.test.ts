import { describe, expect, test } from "vitest";
import { shownUrl } from "../../workers/shown-url.js";

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
    ["https://host/t?X-Amz-Signature=abc&X-Amz-Date=1", "https://host/t?X-Amz-Signature=***&X-Amz-Date=1"],
    ["https://host/t?api_key=a;sig=b", "https://host/t?api_key=***;sig=***"],
    ["https://host/t?monkey=1&tokens=2", "https://host/t?monkey=1&tokens=2"],
    ["not a url at all", "not a url at all"],
  ])("%s is shown as %s", (url, shown) => {
    expect(shownUrl(url)).toBe(shown);
  });
});
