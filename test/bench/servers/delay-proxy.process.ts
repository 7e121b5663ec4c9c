/** Forwards TCP connections with a delay: `delay-proxy.process.mjs PORT TARGET-PORT MS`. */

import { connect, createServer, type Socket } from "node:net";

const [port = "0", target = "0", delay = "0"] = process.argv.slice(2);

createServer((client) => {
  const server = connect(Number(target), "127.0.0.1");
  passOn(client, server);
  passOn(server, client);
}).listen(Number(port), "127.0.0.1");

/** Simulates a connection of unlimited capacity: every chunk leaves `delay` ms later, however much is on its way. */
function passOn(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  from.on("data", (chunk) => setTimeout(() => to.write(chunk), Number(delay)));
  from.on("close", () => setTimeout(() => to.end(), Number(delay)));
  from.on("error", () => to.destroy());
}
