import { expose } from "comlink";
import { createWorkerService } from "./worker-service.js";

export { HandedBack } from "./handed-back.js";
export { runJob } from "./run-job.js";
export { fetchFile } from "./transport/fetch-file.js";
/** The script-tag build has one copy of this code: a function that runs in the page, and whose text runs in workers. */
export { createFetchTransport } from "./transport/fetch-transport.js";

/** Turns the current thread into a worker. */
export function serve(): void {
  expose(createWorkerService());
}
