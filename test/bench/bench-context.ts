import { spawnSync } from "node:child_process";
import { type OpenPage, openBenchPage } from "./browser/open-bench-page.js";
import { LineProcess } from "./line-process.js";
import { type BenchServer, startDelay, startTileServer } from "./servers/tile-server.js";
import { writeSameTile } from "./tiles/same-tile.js";
import { tileFolder } from "./tiles/tile-folder.js";

/** The tiles, servers and processes that cases share. Each is made when the first case asks for it. */
export class BenchContext {
  readonly #rounds: number | undefined;
  readonly #latencyMs = 20;
  #tiles: Promise<string> | undefined;
  #server: Promise<BenchServer> | undefined;
  #delayed: Promise<BenchServer> | undefined;
  #python: Promise<string | undefined> | undefined;
  #page: Promise<OpenPage> | undefined;
  readonly #processes = new Map<string, LineProcess>();

  /** @param rounds - Number of rounds, instead of each case's own choice. */
  constructor(rounds: number | undefined) {
    this.#rounds = rounds;
  }

  /** How many rounds a case runs that usually runs `usual`. A case that is so long that it runs once still does. */
  rounds(usual: number): number {
    return usual === 1 ? 1 : (this.#rounds ?? usual);
  }

  /** The folder with the tiles. */
  tiles(): Promise<string> {
    this.#tiles ??= tileFolder();
    return this.#tiles;
  }

  /** The tile server. */
  server(): Promise<BenchServer> {
    this.#server ??= this.tiles().then((folder) => {
      writeSameTile(folder);
      return startTileServer(folder);
    });
    return this.#server;
  }

  /** The same server behind a connection with a latency of 20 ms. */
  delayedServer(): Promise<BenchServer> {
    this.#delayed ??= this.server().then((server) => startDelay(server, this.#latencyMs));
    return this.#delayed;
  }

  /** A page in a browser. */
  page(): Promise<OpenPage> {
    this.#page ??= openBenchPage();
    return this.#page;
  }

  /** A Python with NumPy and Pillow; `undefined` if there is none. */
  python(): Promise<string | undefined> {
    this.#python ??= Promise.resolve(findPython());
    return this.#python;
  }

  /** The process with a name, which lives until the end. */
  lineProcess(name: string, [command = "", ...args]: readonly string[]): LineProcess {
    const known = this.#processes.get(name);
    if (known !== undefined) return known;
    const started = new LineProcess(command, args);
    this.#processes.set(name, started);
    return started;
  }

  /** The server and the browser, if they were used. */
  async participants(): Promise<{ readonly server?: string; readonly browser?: string }> {
    return {
      ...(this.#server && { server: (await this.#server).title }),
      ...(this.#page && { browser: (await this.#page).browser }),
    };
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((child) => child.close()));
    await (await this.#page?.catch(() => undefined))?.close();
    for (const server of [this.#delayed, this.#server]) await (await server?.catch(() => undefined))?.close();
  }
}

function findPython(): string | undefined {
  const { PYTHON } = process.env;
  // Debian's Python has Debian's packages, even if another Python comes first in the path.
  const candidates = PYTHON ? [PYTHON] : ["/usr/bin/python3", "python3"];
  return candidates.find((python) => spawnSync(python, ["-c", "import numpy, PIL.Image"]).status === 0);
}
