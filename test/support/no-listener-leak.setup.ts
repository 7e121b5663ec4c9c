/** Lets a test file fail where Node warns of listeners that pile up on a signal or an emitter. */
process.on("warning", (warning) => {
  if (warning.name === "MaxListenersExceededWarning") throw warning;
});
