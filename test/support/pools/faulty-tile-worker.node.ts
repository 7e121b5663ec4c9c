import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import { nodeEndpoint } from "../../../workers/node-endpoint.node.js";
import { createFaultyService } from "./faulty-tile-worker.js";

if (parentPort !== null)
  expose(
    createFaultyService(() => process.exit(3)),
    nodeEndpoint(parentPort),
  );
