import type { Browser } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reportResult } from "../support/pages/consumer-code.js";
import { launchChromium, visit } from "../support/pages/open-page.js";
import { Consumer } from "./consumer.js";
import type { ConsumerPackage } from "./consumer-package.js";
import { type RegionResult, rightRegions } from "./region-result.js";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const packages: readonly ConsumerPackage[] = ["next", "react", "react-dom"];

const onServer = `
  import { webcrypto as crypto } from "node:crypto";
  import { Worker } from "node:worker_threads";
  import { fetchRegions } from "../fetch-region.js";
  import { task } from "../task.js";
  export const regionOnServer = () => fetchRegions({ ...task, Worker, crypto });`;

const files = {
  "app/region-on-server.js": onServer,
  "app/layout.js": `export default ({ children }) => <html lang="en"><body>{children}</body></html>;`,
  "app/page.js": `
    import { regionOnServer } from "./region-on-server.js";
    import { RegionInPage } from "./region-in-page.js";
    export const dynamic = "force-dynamic";
    export default async function Page() {
      return <RegionInPage onServer={await regionOnServer()} />;
    }`,
  "app/region-in-page.js": `"use client";
    import { useEffect } from "react";
    import { fetchRegions } from "../fetch-region.js";
    import { task } from "../task.js";
    export function RegionInPage({ onServer }) {
      useEffect(() => {
        ${reportResult("return { onServer, inPage: await fetchRegions({ ...task, Worker }) };")}
      }, []);
      return <p>{onServer.regions.tiles.shape.join()}</p>;
    }`,
  "app/region/route.js": `
    import { regionOnServer } from "../region-on-server.js";
    export const dynamic = "force-dynamic";
    export const GET = async () => Response.json(await regionOnServer());`,
};

interface Built {
  readonly name: string;
  readonly build: string;
  readonly config?: string;
}

const builds: readonly Built[] = [
  { name: "Turbopack", build: "next build" },
  { name: "webpack", build: "next build --webpack" },
  {
    name: "Turbopack, with serverExternalPackages",
    build: "next build",
    config: 'export default { serverExternalPackages: ["catmaid-image"] };',
  },
];

for (const { name, build, config = "export default {};" } of builds) {
  test(`Next, built with ${name}: client component, server component and route handler`, async ({ task }) => {
    const consumer = await Consumer.install(packages, { ...files, "next.config.js": config });
    await consumer.run(build);
    const url = await consumer.serve("next start --hostname 127.0.0.1 --port 0");
    const { result, errors } = await visit<Record<"onServer" | "inPage", RegionResult>>(browser, url);
    const route = await (await fetch(`${url}/region`)).json();
    task.meta.consumer = { packages, result: result.inPage };
    expect(errors).toEqual([]);
    expect(result).toEqual({ onServer: rightRegions("node"), inPage: rightRegions("browser") });
    expect(route).toEqual(rightRegions("node"));
  });
}
