import { startSampleServer } from "../../sample/sample-server.node.js";
import { sampleStacks } from "../../sample/sample-stack.js";
import type { Command, CommandContext } from "../command.node.js";
import { exitCode } from "../exit-code.js";
import { lineOf, tokenOf } from "../input/credentials.node.js";
import { UsageError } from "../usage-error.js";

export const serveCommand: Command = {
  name: "serve",
  summary: "serve a sample stack, as CATMAID and its tile servers do",
  help: `Usage: catmaid-image serve [options]

Serves a small CATMAID with one project and four stacks, to pages of any origin, until Ctrl-C. Images are drawn when they
are requested. Three stacks show the same tissue (XY, XZ, ZY), each with thirteen mirrors: tile source types 1 to 10 (PNG
and JPEG), 11 (N5) and 14 (precomputed, sharded too). The fourth stack has the labels of its cells (uint64), in N5 and
precomputed mirrors.

  --port N               TCP port; default: a free one
  --host ADDRESS         address to listen on; default 127.0.0.1, which only this machine can reach
  --base-path PATH       path of CATMAID in its URLs; default /
  --dimension X,Y,Z      extent of the XY stack, in voxels; default 12288,10240,128
  --seed N               draw another tissue for each number; default 1
  --delay MS             wait before each tile is sent; default 0
  --json                 print the address as JSON
  --help                 print this

If CATMAID_TOKEN, or CATMAID_USER and CATMAID_PASSWORD, are set in the environment, clients must send these credentials.

Examples:
  catmaid-image serve --port 8000
  catmaid-image info --server http://127.0.0.1:8000/ --project 1`,
  options: {
    port: { type: "string" },
    host: { type: "string" },
    "base-path": { type: "string" },
    dimension: { type: "string" },
    seed: { type: "string" },
    delay: { type: "string" },
    json: { type: "boolean" },
  },
  run: async (args, context) => {
    const { terminal, signal, env } = context;
    if (args.positionals.length > 0)
      throw new UsageError(`serve takes options alone: what is "${args.positionals[0]}"?`);
    const port = args.whole("port", 0, 65_535) ?? 0;
    const host = args.text("host") ?? "127.0.0.1";
    const dimension = args.text("dimension");
    const seed = args.whole("seed", 0, 2 ** 31 - 1);
    const [token, user, password] = [
      tokenOf(env.CATMAID_TOKEN),
      lineOf(env.CATMAID_USER),
      lineOf(env.CATMAID_PASSWORD),
    ];
    const server = await startSampleServer({
      port,
      host,
      basePath: folderPath(args.text("base-path") ?? "/"),
      delayMs: args.number("delay", 0, 3_600_000) ?? 0,
      stacks: sampleStacks({
        ...(dimension === undefined ? {} : { dimension: parseDimension(dimension) }),
        ...(seed === undefined ? {} : { seed }),
      }),
      ...(token === undefined ? {} : { token }),
      ...(user === undefined || password === undefined ? {} : { basic: [user, password] as const }),
    }).catch((error: unknown) => {
      throw listenTrouble(error, host, port);
    });
    const { url, projectId } = server;
    if (args.has("json"))
      terminal.printJson({ url, project: projectId, stacks: server.stacks.map(({ id }) => id) });
    else {
      terminal.print(`${terminal.strong(url)} is a sample CATMAID, until Ctrl-C`);
      for (const { id, title } of server.stacks)
        terminal.print(`  ${url}${projectId}/stack/${id}/info  ${title}`);
      const wanted = [token && "CATMAID_TOKEN", user && password && "CATMAID_USER and CATMAID_PASSWORD"];
      for (const names of wanted)
        if (names) terminal.print(`Clients must send the ${names} of your environment`);
    }
    await untilInterrupted(context);
    await server.close();
    return signal.aborted ? exitCode.ok : exitCode.failed;
  },
};

/** An error that says in one sentence why a server could not listen. */
function listenTrouble(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new Error(`port ${port} of ${host} is in use: give another --port, or none to take a free one`);
    case "EACCES":
      return new Error(`port ${port} of ${host} may not be listened on: give a --port from 1024 on`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new Error(`"${host}" is no address of this machine: give another --host`);
    default:
      return error;
  }
}

function untilInterrupted({ signal }: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function folderPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.every((part) => /^[\w.~-]+$/.test(part) && !/^\.+$/.test(part)))
    return ["", ...parts, ""].join("/");
  throw new UsageError(
    `--base-path must be names with slashes between, such as /labs/catmaid, not "${path}"`,
  );
}

function parseDimension(text: string): { x: number; y: number; z: number } {
  const numbers = /^\d+,\d+,\d+$/.test(text) ? text.split(",").map(Number) : [];
  const [x = 0, y = 0, z = 0] = numbers;
  if (![x, y, z].every((extent) => extent > 0 && extent < 2 ** 31)) {
    throw new UsageError(`--dimension must be three whole numbers such as 4096,4096,100, not "${text}"`);
  }
  return { x, y, z };
}
