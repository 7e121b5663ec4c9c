import { expose } from "comlink";
import { createTileWorkerService } from "./tile-worker-service.js";

expose(createTileWorkerService());
