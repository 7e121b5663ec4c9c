/** Lets a test fail where Node warns of listeners that pile up on a signal or an emitter. */
function failOnLeak(warning: Error): void {
  if (warning.name === "MaxListenersExceededWarning") throw warning;
}

// Files of one project may share a process.
if (!process.listeners("warning").some(({ name }) => name === failOnLeak.name))
  process.on("warning", failOnLeak);
