import { type ApiTransport, createApiTransport } from "./api-transport.js";

/** Requests of a browser: its `fetch`, which a page may replace. */
export const platformApiTransport: ApiTransport = createApiTransport((input, init) => fetch(input, init));
