import type { Command } from "../../command.node.js";
import { exportFinishCommand } from "./finish.node.js";
import { exportPlanCommand } from "./plan/plan.node.js";
import { exportRunCommand } from "./run.node.js";
import { exportScriptCommand } from "./script/script.node.js";
import { exportStatusCommand } from "./status.node.js";

/** `catmaid-image export …`: an export in numbered tasks. */
export const exportCommands: readonly Command[] = [
  exportPlanCommand,
  exportRunCommand,
  exportStatusCommand,
  exportFinishCommand,
  exportScriptCommand,
];
