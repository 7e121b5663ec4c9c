import { afterAll } from "vitest";
import { closeSharedPools } from "../../src/pool/shared-pool.js";
import { describeImageFetcher } from "../support/fetcher-conformance.js";
import { fetcherKinds } from "../support/fetcher-kinds.js";

afterAll(closeSharedPools);

for (const [name, make] of fetcherKinds) describeImageFetcher(name, make);
