/**
 * Runs the command line, whose path is the argument, whenever the parent asks. Each time the entry is evaluated anew,
 * as in a new process, but its imports are already loaded.
 */
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const [, , path] = process.argv;
const entry = pathToFileURL(path).href;
let runs = 0;

process.on("message", async ({ words, cwd, env, stdin }) => {
  process.argv = [process.execPath, path, ...words];
  process.chdir(cwd);
  process.env = env;
  process.exitCode = 0;
  const stdout = replaced("stdout", Object.assign(new PassThrough(), { fd: 1 }));
  const stderr = replaced("stderr", Object.assign(new PassThrough(), { fd: 2 }));
  replaced("stdin", Readable.from([Buffer.from(stdin)]));
  const texts = [text(stdout), text(stderr)];
  runs += 1;
  await import(`${entry}?${runs}`);
  // Unawaited failures are reported now, as they would be at the end of a process.
  await new Promise((resolve) => setImmediate(resolve));
  stdout.end();
  stderr.end();
  const [printed, told] = await Promise.all(texts);
  process.send({ code: process.exitCode, stdout: printed, stderr: told });
});

function replaced(name, stream) {
  Object.defineProperty(process, name, { value: stream, configurable: true });
  return stream;
}
