import { expose } from "comlink";
import { createWorkerService } from "./worker-service.js";

expose(createWorkerService());
