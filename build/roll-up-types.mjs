/**
 * Rolls the declarations of each entry into one file of dist, and compares the API with the reports in etc, which
 * reviewers read. `--check` fails if a report would change; `--accept` writes it.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const mode = process.argv[2];
// A build may be an experiment. Only the check fails for public symbols without documentation.
const strictness = mode === "--check" ? ExtractorLogLevel.Error : ExtractorLogLevel.None;
const entries = [
  { name: "index", source: "temp/types/src/index.d.ts", report: "catmaid-image" },
  { name: "out", source: "temp/types/src/out/index.d.ts", report: "catmaid-image-out" },
  { name: "out-hdf5", source: "temp/types/src/out/hdf5/index.d.ts", report: "catmaid-image-out-hdf5" },
  { name: "out.node", source: "temp/types/src/out/index.node.d.ts", report: "catmaid-image-out.node" },
];

for (const entry of entries) rollUp(entry);
// Declares the global of the script-tag build, for scripts that use it. API Extractor does not know this declaration.
appendFileSync(join(root, "dist/index.d.ts"), "\nexport as namespace CatmaidImage;\n");

function rollUp({ name, source, report }) {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: join(root, "build/roll-up-types.mjs"),
    packageJsonFullPath: join(root, "package.json"),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, source),
      // Only the declarations, because the files of `types/` refer to sources.
      compiler: { overrideTsconfig: { extends: "./tsconfig.types.json", files: [source], include: [] } },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: join(root, "temp/api"),
        reportTempFolder: join(root, "temp/api"),
      },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      dtsRollup: { enabled: true, untrimmedFilePath: join(root, `dist/${name}.d.ts`) },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: strictness, addToApiReportFile: false },
          // Everything that an entry exports is public, so release tags on the symbols would add nothing.
          "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: strictness } },
      },
    },
  });
  mkdirSync(join(root, "temp/api"), { recursive: true });
  const result = Extractor.invoke(config, { localBuild: true, showVerboseMessages: false });
  if (!result.succeeded) throw new Error(`the declarations of ${name} have ${result.errorCount} errors`);
  compareReport(`${report}.api.md`);
}

function compareReport(file) {
  const now = readFileSync(join(root, "temp/api", file), "utf8");
  const kept = join(root, "etc", file);
  if (mode === "--accept") {
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, now);
  } else if (mode === "--check" && (!existsSync(kept) || readFileSync(kept, "utf8") !== now)) {
    console.error(
      `The public API differs from etc/${file}: look at it, then run "npm run api" to accept it.`,
    );
    process.exitCode = 1;
  }
}
