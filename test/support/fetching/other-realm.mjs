/**
 * Runs a module as Jest does: in a context whose Uint8Array, Error and Promise differ from those of Node's core. The
 * argument is the module's file. It may import other files by URL, and Node's modules. Needs --experimental-vm-modules.
 */
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import vm from "node:vm";

const context = vm.createContext({});
const ofLanguage = new Set(vm.runInContext("Object.getOwnPropertyNames(globalThis)", context));
// V8's own console prints nothing.
ofLanguage.delete("console");
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (!ofLanguage.has(name)) context[name] = globalThis[name];
}

function sourceModule(url) {
  return new vm.SourceTextModule(readFileSync(fileURLToPath(url), "utf8"), {
    context,
    identifier: url,
    initializeImportMeta(meta) {
      meta.url = url;
    },
    importModuleDynamically: (specifier) => evaluated(specifier),
  });
}

async function builtinModule(name) {
  const exports = await import(name);
  const names = Object.keys(exports);
  const setExports = (module) => {
    for (const key of names) module.setExport(key, exports[key]);
  };
  const module = new vm.SyntheticModule(names, () => setExports(module), { context });
  return module;
}

const modules = new Map();

function load(specifier) {
  if (!modules.has(specifier)) {
    modules.set(specifier, isBuiltin(specifier) ? builtinModule(specifier) : sourceModule(specifier));
  }
  return modules.get(specifier);
}

async function evaluated(specifier) {
  const module = await load(specifier);
  if (module.status === "unlinked") await module.link(load);
  await module.evaluate();
  return module;
}

await evaluated(pathToFileURL(process.argv[2]).href);
