/**
 * Exports the sample stack on a real SLURM, disturbed in every way that a cluster knows, and compares what comes of it with the
 * export of a single process.
 *
 *     npm run build:js && SLURM_STARTER=path/to/slurm.sh node test/real/run-on-slurm.mjs
 *
 * Needs a SLURM whose jobs run on this machine: either `SLURM_STARTER`, a program that is called with `start FOLDER` and
 * `stop FOLDER`, and leaves FOLDER/slurm.conf (one node of Debian's slurmctld, slurmd, slurm-client and munge is enough), or
 * none of it and an `sbatch` that works. Without both it fails.
 *
 * For each format: an array of at least 24 tasks, two at a time; two of them are cancelled, a worker is killed by SIGKILL, one
 * task is run twice at once, one is put back into the queue. What is left is submitted by the script of
 * `export plan --only-missing`, until the dataset is complete. All the while `export status` is compared with `squeue`.
 *
 * Last result, 2026-11-28, slurm-wlm 22.05.8, 2 cores, 6 minutes: 24 + 10, 32 + 10 and 24 + 10 tasks as OME-Zarr, sharded
 * OME-Zarr and precomputed, complete after one more round each; all files equal, as many filled alike; status and squeue compared
 * 951 times without a contradiction.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const cli = new URL("../../dist/cli.js", import.meta.url).pathname;
const starter = process.env.SLURM_STARTER;
const formats = [
  ["chunks.ome.zarr", ["--chunk", "16,128,128"]],
  ["shards.ome.zarr", ["--chunk", "16,64,64", "--shard", "32,192,256"]],
  ["volume.precomputed", ["--chunk", "32,128,128"]],
];
const dimension = "1024,768,64";
const leastTasks = 24;
const mostRounds = 5;

const folder = mkdtempSync(join(tmpdir(), "catmaid-image-slurm-"));
const violations = [];
let looks = 0;

/** Runs the command line; throws if it fails. */
function run(...words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`catmaid-image ${words.join(" ")} ended with ${status}: ${stderr}`);
  return stdout;
}

function slurm(program, ...words) {
  return execFileSync(program, words, { encoding: "utf8" });
}

/** What SLURM has of our jobs: state by `job` or `job_element`. */
function queue() {
  const jobs = new Map();
  for (const line of slurm("squeue", "-h", "-r", "-o", "%i %T").split("\n")) {
    const [id, state] = line.split(" ");
    if (state !== undefined) jobs.set(id, state);
  }
  return jobs;
}

/** The state of each task by its number. */
function statesOf(status) {
  const states = new Map();
  for (const [name, ranges] of Object.entries(status.tasks)) {
    for (const [first, last] of ranges) for (let task = first; task <= last; task++) states.set(task, name);
  }
  return states;
}

/** Submits a plan by its script; which task each element does, by the element's name in SLURM. */
function submit(plan) {
  const script = run("export", "script", plan, "--engine", "slurm", "--time", "0:30", "--memory", "1GiB");
  const { only, stages } = JSON.parse(readFileSync(join(folder, plan), "utf8"));
  const count = stages.reduce((sum, { tasks }) => sum + tasks, 0);
  const asked = (only ?? [[0, count - 1]]).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  const printed = execFileSync("bash", ["-s"], { input: script, encoding: "utf8" });
  const ids = [...printed.matchAll(/^catmaid-image-(?:level-\d+|finish): job (\d+)$/gm)].map(([, id]) => id);
  const ranges = [...script.matchAll(/--tasks (\d+)-(\d+)/g)].map(([, first, last]) => [
    Number(first),
    Number(last),
  ]);
  const elements = new Map();
  for (const [job, [first, last]] of ranges.entries()) {
    for (let index = first; index <= last; index++) {
      elements.set(first === last ? ids[job] : `${ids[job]}_${index - first}`, asked[index]);
    }
  }
  return { ids, elements };
}

/** Compares what status says of each task with what SLURM said just before and just after. */
function compare(elements, before, states, after, history) {
  looks++;
  for (const [id, task] of elements) {
    const said = states.get(task);
    const [was, is] = [before.get(id), after.get(id)];
    const seen = history.get(id) ?? { ran: false, ended: false };
    history.set(id, seen);
    const runs = (state) => state === "RUNNING" || state === "COMPLETING";
    if (runs(was) || runs(is)) seen.ran = true;
    const wrong = (why) =>
      violations.push(`task ${task} (${id}, ${was} then ${is}): status says ${said}, ${why}`);
    const isOurs = history.extra.has(task);
    if (said === "running" && !runs(was) && !runs(is) && !isOurs) wrong("and nobody runs it");
    if (
      was === "PENDING" &&
      is === "PENDING" &&
      !seen.ran &&
      !isOurs &&
      !history.left.has(task) &&
      said !== "missing"
    ) {
      wrong("and it was never begun");
    }
    if (was === undefined && seen.ran && !history.disturbed.has(task) && said !== "done")
      wrong("and it has ended well");
    if (was === undefined && history.disturbed.has(task) && said === "running" && !isOurs)
      wrong("and it was stopped");
  }
}

/** Follows the queue to its end. `meddle` is called with each look. */
async function follow(plan, { ids, elements }, history, meddle = () => {}) {
  for (;;) {
    const before = queue();
    const status = JSON.parse(run("export", "status", plan, "--json"));
    const after = queue();
    const states = statesOf(status);
    compare(elements, before, states, after, history);
    await meddle(states, after);
    if (!ids.some((id) => [...after.keys()].some((key) => key === id || key.startsWith(`${id}_`))))
      return status;
    await delay(100);
  }
}

/** Cancels, kills, doubles and puts back tasks that run, each in its turn. */
function meddler(plan, output, elements, history) {
  const idOf = new Map([...elements].map(([id, task]) => [task, id]));
  const done = [];
  const acts = ["scancel", "SIGKILL", "twice", "requeue", "scancel"];
  let requeued;
  const meddle = async (states, jobs) => {
    if (requeued !== undefined && jobs.get(requeued) === "PENDING") {
      // SLURM would wait for two minutes.
      slurm("scontrol", "update", `JobId=${requeued}`, "StartTime=now");
      requeued = undefined;
    }
    const act = acts[0];
    if (act === undefined) return;
    const task = [...states.keys()].find(
      (number) =>
        states.get(number) === "running" &&
        jobs.get(idOf.get(number)) === "RUNNING" &&
        !history.touched.has(number),
    );
    if (task === undefined) return;
    const id = idOf.get(task);
    if (act === "scancel") {
      history.disturbed.add(task);
      slurm("scancel", id);
    } else if (act === "SIGKILL") {
      const { pid } = JSON.parse(readFileSync(join(folder, output, lockOf(task)), "utf8"));
      history.disturbed.add(task);
      process.kill(pid, "SIGKILL");
    } else if (act === "twice") {
      history.extra.add(task);
      const second = spawn(process.execPath, [cli, "export", "run", plan, "--task", String(task)], {
        cwd: folder,
        stdio: "ignore",
      });
      second.on("close", (code) => {
        history.extra.delete(task);
        if (code !== 0) violations.push(`task ${task}: its second run ended with ${code}`);
      });
    } else {
      requeued = id;
      slurm("scontrol", "requeue", id);
    }
    acts.shift();
    history.touched.add(task);
    done.push(`${act} ${task}`);
  };
  return { meddle, done, left: acts };
}

function lockOf(task) {
  return `.catmaid-image/tasks/${Math.floor(task / 1000)}/${task}.lock`;
}

/** All files outside of the folder that an export keeps for itself. */
function filesOf(output) {
  const root = join(folder, output);
  const files = new Map();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(entry.parentPath, entry.name));
    if (entry.isFile() && !path.startsWith(".catmaid-image")) files.set(path, readFileSync(join(root, path)));
  }
  return files;
}

function newHistory() {
  const history = new Map();
  return Object.assign(history, {
    extra: new Set(),
    disturbed: new Set(),
    left: new Set(),
    touched: new Set(),
  });
}

async function exportInTasks(url, output, layout) {
  const single = `single-${output}`;
  const stack = [`${url}1/stack/1/info`, "--roi", "all", ...layout, "--levels", "3"];
  run("get", ...stack, "-o", single, "-q", "--yes");
  const plan = `${output}.json`;
  const limits = ["--tasks", "32", "--concurrent", "2", "--max-requests", "4"];
  const planned = JSON.parse(
    run("export", "plan", ...stack, "-o", output, "--plan", plan, ...limits, "--json"),
  );
  const count = planned.stages[0].tasks;
  if (count < leastTasks) throw new Error(`the array would have ${count} tasks`);
  const first = submit(plan);
  const history = newHistory();
  const { meddle, done, left } = meddler(plan, output, first.elements, history);
  let status = await follow(plan, first, history, meddle);
  if (left.length > 0) throw new Error(`the tasks were too fast to ${left.join(", ")}`);
  let rounds = 0;
  for (; !status.complete; rounds++) {
    if (rounds === mostRounds)
      throw new Error(`not complete after ${mostRounds} rounds: ${JSON.stringify(status)}`);
    const rest = `${output}.rest-${rounds}.json`;
    run("export", "plan", plan, "--only-missing", "--plan", rest);
    const again = newHistory();
    for (const task of statesOf(status).keys()) again.left.add(task);
    status = await follow(plan, submit(rest), again);
  }
  const [expected, got] = [filesOf(single), filesOf(output)];
  const differing = [...new Set([...expected.keys(), ...got.keys()])].filter(
    (path) => !(expected.get(path) ?? Buffer.of()).equals(got.get(path) ?? Buffer.of(0)),
  );
  if (differing.length > 0) throw new Error(`${output} differs from ${single} in ${differing.join(", ")}`);
  const [one, many] = [single, output].map((path) => JSON.parse(run("verify", path, "--json")));
  const sorted = ({ filled }) => JSON.stringify([...filled].sort((a, b) => (a.path < b.path ? -1 : 1)));
  if (sorted(one) !== sorted(many)) throw new Error(`${output}: other fills than in ${single}`);
  if (one.filled.length === 0) throw new Error("nothing was filled: there was nothing to compare");
  console.log(
    `${output}: ${count} + ${planned.tasks - count} tasks, ${done.join(", ")}; complete after ${rounds} more rounds; ` +
      `${expected.size} files equal, ${one.filled.length} filled alike`,
  );
}

let served;
try {
  if (starter !== undefined) {
    execFileSync(starter, ["start", folder], { stdio: ["ignore", "ignore", "inherit"] });
    process.env.SLURM_CONF = join(folder, "slurm.conf");
  }
  console.log(slurm("sbatch", "--version").trim());
  served = spawn(process.execPath, [cli, "serve", "--dimension", dimension, "--delay", "400", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise((resolve) => {
    let text = "";
    served.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      const found = /"(http:[^"]+)"/.exec(text);
      if (found !== null) resolve(found[1]);
    });
  });
  for (const [output, layout] of formats) await exportInTasks(url, output, layout);
  console.log(`status and squeue compared ${looks} times: ${violations.length} contradictions`);
  for (const violation of violations) console.log(violation);
  if (violations.length > 0) process.exitCode = 1;
} finally {
  served?.kill();
  if (starter !== undefined) {
    try {
      slurm("scancel", "--user", String(process.getuid()));
    } finally {
      spawnSync(starter, ["stop", folder], { stdio: "inherit" });
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
