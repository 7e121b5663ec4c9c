import { noHttp } from "./answer-head.js";

/** Much more than the line of a chunk's size needs, with extensions, and more than any trailer. */
const mostLineBytes = 16_384;

/** Reads a chunked body (RFC 9112, section 7.1) as its bytes arrive. Throws a `TransportFailure`. */
export class ChunkedBody {
  #next: "size" | "data" | "end of data" | "trailer" | "nothing" = "size";
  /** Bytes of the current chunk that are still to come. */
  #left = 0;
  #line = "";
  /** Characters of lines since the last byte of data. */
  #lineBytes = 0;

  /** Whether the body is complete. */
  get isWhole(): boolean {
    return this.#next === "nothing";
  }

  /** Reads what arrived, passes on the data in it, and returns the bytes after the body. */
  read(arrived: Buffer, data: (bytes: Buffer) => void): Buffer {
    let rest = arrived;
    while (rest.length > 0 && this.#next !== "nothing") {
      if (this.#next === "data") {
        const bytes = rest.subarray(0, this.#left);
        data(bytes);
        rest = rest.subarray(bytes.length);
        this.#left -= bytes.length;
        if (this.#left === 0) this.#next = "end of data";
      } else {
        const end = rest.indexOf("\n") + 1;
        const piece = end === 0 ? rest : rest.subarray(0, end);
        this.#lineBytes += piece.length;
        if (this.#lineBytes > mostLineBytes) throw noHttp();
        this.#line += piece.toString("latin1");
        rest = rest.subarray(piece.length);
        if (end > 0) this.#endLine();
      }
    }
    return rest;
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = "";
    if (!/^[^\r\n]*\r\n$/.test(line)) throw noHttp();
    if (this.#next === "size") {
      const digits = /^([0-9a-f]{1,8})[ \t]*(?:;|\r)/i.exec(line)?.[1];
      if (digits === undefined) throw noHttp();
      this.#left = Number.parseInt(digits, 16);
      this.#next = this.#left === 0 ? "trailer" : "data";
    } else if (this.#next === "end of data") {
      if (line !== "\r\n") throw noHttp();
      this.#next = "size";
      this.#lineBytes = 0;
    } else if (line === "\r\n") {
      this.#next = "nothing";
    }
  }
}
