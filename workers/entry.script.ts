import { expose } from "comlink";
import { createWorkerService } from "./worker-service.js";

export { HandedBack } from "./handed-back.js";
export { runJob } from "./run-job.js";
export { fetchFile } from "./transport/fetch-file.js";
/** The script-tag build has one copy of this code: as a function that runs in the page, and as its text in workers. */
export { createFetchTransport } from "./transport/fetch-transport.js";

/** Makes a worker of the thread that this runs in. */
export function serve(): void {
  expose(createWorkerService());
}
