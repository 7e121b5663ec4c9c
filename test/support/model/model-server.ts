import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Watchers } from "../fetching/watchers.js";
import { encodeGreyPng } from "../images/encode-grey-png.js";
import { modelTileOf } from "./model-fetcher.js";
import type { ModelStack, ModelTile } from "./model-stack.js";
import { modelTilePixels } from "./model-stack.js";

/** A request for a tile, as the server saw it. */
export interface ServedTile extends ModelTile {
  /** The first part of the path, which names the mirror. */
  readonly mirror: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** How often this path has been requested, including this time. */
  readonly attempt: number;
}

/** What the server does instead of sending the model's tile. */
export type Misbehaviour =
  | "hold"
  | "reset"
  | "truncate"
  | "stall"
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  | { readonly html: string }
  /** The model's tile with this Content-Type; `null`: without one. */
  | { readonly contentType: string | null }
  | { readonly file: Uint8Array }
  | { readonly pixels: { readonly data: Uint8Array; readonly width: number; readonly height: number } }
  /** Anything else. The function gets the file that would have been sent. */
  | { readonly answer: (file: Uint8Array, response: ServerResponse) => void };

/** Lets a test decide how the server answers. */
export type Script = (tile: ServedTile) => Misbehaviour | undefined;

/** A real server of a model stack. Any first part of the path is a mirror of type 1, in PNG. */
export class ModelServer {
  readonly stack: ModelStack;
  /** All requests, in order. */
  readonly requests: ServedTile[] = [];
  /** How many connections were opened in all. */
  connections = 0;
  /** How many clients disconnected before their answer was complete. */
  disconnects = 0;
  /** Bytes of all bodies that were sent completely. */
  bodyBytes = 0;
  script: Script = () => undefined;
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #held: (() => void)[] = [];
  readonly #watchers = new Watchers();

  private constructor(stack: ModelStack) {
    this.stack = stack;
    this.#server.on("connection", (socket: Socket) => {
      this.connections++;
      socket.on("error", () => {});
    });
  }

  static async start(stack: ModelStack, script?: Script): Promise<ModelServer> {
    const server = new ModelServer(stack);
    if (script !== undefined) server.script = script;
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** `http://127.0.0.1:<port>`. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The image base of a mirror. */
  base(mirror = "a"): string {
    return `${this.origin}/${mirror}/`;
  }

  /** The requested paths, in order. */
  get paths(): string[] {
    return this.requests.map(({ path }) => path);
  }

  /** Resolves once a condition holds. It is checked at each request and each disconnection. */
  until(holds: (server: this) => boolean): Promise<void> {
    return this.#watchers.until(() => holds(this));
  }

  /** How many answers are waiting to be released. */
  get held(): number {
    return this.#held.length;
  }

  /** Sends the answers that have waited longest. */
  release(count: number = this.#held.length): void {
    for (const send of this.#held.splice(0, count)) send();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? "/";
    const tile = modelTileOf(path);
    if (tile === undefined) {
      response.writeHead(400).end();
      return;
    }
    const attempt = this.requests.filter((other) => other.path === path).length + 1;
    const mirror = path.split("/")[1] ?? "";
    const served = { ...tile, mirror, path, headers: request.headers, attempt };
    this.requests.push(served);
    response.on("close", () => {
      if (response.writableFinished) return;
      this.disconnects++;
      this.#watchers.changed();
    });
    this.#act(served, this.script(served), request, response);
    this.#watchers.changed();
  }

  #act(
    tile: ServedTile,
    act: Misbehaviour | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (act === "hold") this.#held.push(() => this.#sendTile(tile, response));
    else if (act === "reset") request.socket.resetAndDestroy();
    else if (act === "truncate" || act === "stall") this.#sendHalf(tile, response, act === "truncate");
    else if (act === undefined) this.#sendTile(tile, response);
    else if ("status" in act) this.#send(response, act.status, "text/plain", act.body ?? "", act.headers);
    else if ("html" in act) this.#send(response, 200, "text/html", act.html);
    else if ("contentType" in act) this.#sendTile(tile, response, act.contentType);
    else if ("answer" in act) act.answer(this.#fileOf(tile), response);
    else if ("file" in act) this.#send(response, 200, "image/png", act.file);
    else this.#send(response, 200, "image/png", encode(act.pixels));
  }

  #sendTile(tile: ModelTile, response: ServerResponse, type: string | null = "image/png"): void {
    const pixels = modelTilePixels(this.stack, tile);
    if (pixels === undefined) this.#send(response, 404, "text/html", "<h1>Not Found</h1>");
    else this.#send(response, 200, type, encode(pixels));
  }

  #fileOf(tile: ModelTile): Buffer {
    const pixels = modelTilePixels(this.stack, tile);
    return pixels === undefined ? Buffer.alloc(100) : encode(pixels);
  }

  #sendHalf(tile: ModelTile, response: ServerResponse, breaksOff: boolean): void {
    const body = this.#fileOf(tile);
    response.writeHead(200, { "Content-Type": "image/png", "Content-Length": body.length });
    response.write(body.subarray(0, body.length >> 1), () => {
      if (breaksOff) response.destroy();
    });
  }

  #send(
    response: ServerResponse,
    status: number,
    type: string | null,
    body: string | Uint8Array,
    headers: Record<string, string> = {},
  ): void {
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    if (status === 200) this.bodyBytes += bytes.length;
    const contentType = type === null ? {} : { "Content-Type": type };
    response.writeHead(status, { ...contentType, "Content-Length": bytes.length, ...headers }).end(bytes);
  }
}

function encode({ data, width, height }: { data: Uint8Array; width: number; height: number }): Buffer {
  return encodeGreyPng(data, width, height);
}
