import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import { nodeEndpoint } from "./node-endpoint.node.js";
import { createWorkerService } from "./worker-service.js";

if (parentPort === null) throw new Error("catmaid-image/worker runs as a worker thread, not by itself");
expose(createWorkerService(), nodeEndpoint(parentPort));
