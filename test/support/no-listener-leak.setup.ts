/** Makes a test fail if Node warns that listeners accumulate on a signal or an emitter. */
function failOnLeak(warning: Error): void {
  if (warning.name === "MaxListenersExceededWarning") throw warning;
}

// Test files of one project may share a process.
if (!process.listeners("warning").some(({ name }) => name === failOnLeak.name))
  process.on("warning", failOnLeak);
