#!/usr/bin/env node
/**
 * Replaces sbatch, scontrol, bsub or qsub, depending on the name that it is called by. It takes a job as the engine
 * does, runs its elements at once, one after the other, with the variables of that engine, and prints what the engine
 * prints. A job that depends on a failed one does not run. `FAKE_SCHEDULER` is the folder for its state: `jobs.ndjson`
 * has a line for each job.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const { FAKE_SCHEDULER: folder, FAKE_ENGINE: engine, ...environment } = process.env;
const program = basename(process.argv[1]);
const words = process.argv.slice(2);
const jobsFile = join(folder, "jobs.ndjson");

/** The value after an option, or after its equals sign. */
function option(...names) {
  for (const [i, word] of words.entries()) {
    for (const name of names) {
      if (word === name) return words[i + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  }
  return undefined;
}

/** For each engine: how it is given arrays, which variables it sets, and when it runs an element again. */
const engines = {
  slurm: {
    range: () => option("--array"),
    after: () => option("--dependency")?.replace(/^afterok:/, ""),
    env: (id, index) => ({
      SLURM_JOB_ID: `${id}`,
      ...(index !== undefined && { SLURM_ARRAY_JOB_ID: `${id}`, SLURM_ARRAY_TASK_ID: `${index}` }),
    }),
    again: () => existsSync(join(folder, "requeue")),
    restarted: (count) => (count === 0 ? {} : { SLURM_RESTART_COUNT: `${count}` }),
    print: (id) => `${id}`,
  },
  lsf: {
    range: () => /\[(.*)$/.exec(option("-J"))?.[1].replace("]", ""),
    after: () => /^done\((\d+)\)$/.exec(option("-w") ?? "")?.[1],
    env: (id, index) => ({ LSB_JOBID: `${id}`, LSB_JOBINDEX: `${index ?? 0}` }),
    again: (code) => option("-Q").split(" ").map(Number).includes(code),
    print: (id) => `Job <${id}> is submitted to default queue <normal>.`,
  },
  pbs: {
    range: () => option("-J"),
    after: () =>
      option("-W")
        ?.replace(/^depend=afterok:/, "")
        .replace(/(\[\])?\.host$/, ""),
    env: (id, index) => ({
      PBS_JOBID: index === undefined ? `${id}.host` : `${id}[${index}].host`,
      ...(index !== undefined && { PBS_ARRAY_INDEX: `${index}` }),
    }),
    again: () => false,
    print: (id, isArray) => `${id}${isArray ? "[]" : ""}.host`,
  },
  sge: {
    range: () => option("-t") && `${option("-t")}%${option("-tc")}`,
    after: () => option("-hold_jid"),
    env: (id, index) => ({ JOB_ID: `${id}`, SGE_TASK_ID: `${index ?? "undefined"}` }),
    again: (code) => code === 99,
    print: (id, isArray) => (isArray ? `${id}.${option("-t")}:1` : `${id}`),
  },
};

if (program === "scontrol") {
  writeFileSync(join(folder, "requeue"), words.join(" "));
} else {
  const { range: rangeOf, after: afterOf, env, again, restarted = () => ({}), print } = engines[engine];
  const jobs = existsSync(jobsFile) ? readFileSync(jobsFile, "utf8").trim().split("\n").map(JSON.parse) : [];
  const id = 100 + jobs.length;
  const range = rangeOf();
  const [, first, last, most] = /^(\d+)-(\d+)%(\d+)$/.exec(range ?? "") ?? [];
  // OpenPBS refuses such ranges.
  if (range !== undefined && !(Number(first) < Number(last))) throw new Error(`illegal range ${range}`);
  const after = afterOf();
  const script = readFileSync(0, "utf8");
  const indices = range === undefined ? [undefined] : [];
  for (let index = Number(first); index <= Number(last); index++) indices.push(index);
  const isHeld =
    after !== undefined && jobs.find((job) => `${job.id}` === after)?.codes.some((code) => code !== 0);
  const runs = [];
  const codes = isHeld
    ? []
    : indices.map((index) => {
        for (let count = 0; ; count++) {
          rmSync(join(folder, "requeue"), { force: true });
          const own = { ...environment, FAKE_SCHEDULER: folder, ...env(id, index), ...restarted(count) };
          const { status, stdout, stderr } = spawnSync("bash", ["-s"], {
            input: script,
            env: own,
            encoding: "utf8",
          });
          runs.push({ index, status, output: stdout + stderr });
          if (!again(status)) return status;
        }
      });
  const job = { id, words, range, most: most && Number(most), after, codes: isHeld ? [-1] : codes, runs };
  appendFileSync(jobsFile, `${JSON.stringify(job)}\n`);
  console.log(print(id, range !== undefined));
}
