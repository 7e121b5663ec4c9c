import type { FetchReport, ProjectStack } from "catmaid-image";
import type { Cut, View } from "./cut.js";
import { cutInNm, sectionCount, sectionOf } from "./cut.js";
import { describeFilled } from "./filled-list.js";
import { element } from "./page-elements.js";

const figure = element("figure", HTMLElement);
const status = element("status", HTMLElement);
const notice = element("notice", HTMLElement);
const progress = element("progress", HTMLProgressElement);
const cancel = element("cancel", HTMLButtonElement);

/** Time of a fetch, the longest pause of the page meanwhile, and how many fetches were aborted so far. */
export interface FetchCosts {
  readonly timeMs: number;
  readonly longestPauseMs: number;
  readonly aborted: number;
}

/** Shows the title and the size of the stack. */
export function showStack({ title, dimension, resolution }: ProjectStack): void {
  const size = [dimension.x, dimension.y, dimension.z]
    .map((extent) => extent.toLocaleString("en"))
    .join(" × ");
  const voxel = [resolution.x, resolution.y, resolution.z].join(" × ");
  element("stack-summary", HTMLElement).textContent = `${title}: ${size} voxels of ${voxel} nm`;
}

/** Shows that a fetch begins, and its region. */
export function showFetching(stack: ProjectStack, view: View, cut: Cut): void {
  figure.setAttribute("aria-busy", "true");
  cancel.disabled = false;
  notice.hidden = true;
  progress.value = 0;
  status.textContent = "Fetching";
  const [lower, upper] = cutInNm(stack, view, cut);
  const rows = (["x", "y", "z"] as const).map((axis) => [axis, nm(lower[axis]), nm(upper[axis])]);
  element("region", HTMLElement).replaceChildren(...rows.map(tableRow));
  const voxels = cut.upper.map((upper, column) => upper - (cut.lower[column] ?? 0)).reverse();
  const resolution = [...cut.resolution].reverse().map(nm);
  element("region-note", HTMLElement).textContent =
    `${voxels.slice(0, 2).join(" × ")} voxels of ${resolution.slice(0, 2).join(" × ")} nm, one section of ${resolution[2]} nm`;
}

/** Shows the progress of the fetch. */
export function showProgress({ done, planned }: { readonly done: number; readonly planned: number }): void {
  progress.max = planned;
  progress.value = done;
}

/** Shows the report of a complete fetch. */
export function showReport(stack: ProjectStack, view: View, report: FetchReport, costs: FetchCosts): void {
  const { tiles, bytes, retries, decoders } = report;
  const section = `section ${sectionOf(stack, view)} of ${sectionCount(stack, view)}`;
  const label = `${view.plane} cut, ${section}, zoom level ${view.zoomLevel}`;
  element("viewport", HTMLElement).setAttribute("aria-label", label);
  status.textContent = `${count(tiles.planned, "tile", "tiles")} in ${seconds(costs.timeMs)}`;
  const lines = describeFilled(report);
  listFilled(lines.length === 0 ? ["None: every voxel came from a tile."] : lines);
  const byDecoder = Object.entries(decoders).map(([decoder, number]) => `${decoder} (${number})`);
  const figures = {
    tiles: `${tiles.fetched} fetched, ${tiles.cached} cached, ${tiles.filled} filled`,
    decoders: byDecoder.join(", ") || "–",
    bytes: `${(bytes / 1e6).toFixed(2)} MB${retries > 0 ? `, ${count(retries, "retry", "retries")}` : ""}`,
    pause: `${costs.longestPauseMs.toFixed(0)} ms`,
    aborted: String(costs.aborted),
  };
  for (const [name, value] of Object.entries(figures)) {
    element(`figure-${name}`, HTMLElement).textContent = value;
  }
  showIdle();
}

/** Shows that the user has cancelled the fetch. */
export function showCancelled(): void {
  showIdle();
  status.textContent = "Cancelled. What had arrived is shown.";
  listFilled(["Not known: the fetch was cancelled."]);
}

/** Shows that the fetch has failed. */
export function showError(error: unknown): void {
  showIdle();
  status.textContent = "Failed";
  listFilled(["Not known: the fetch has failed."]);
  notice.textContent = `Not fetched: ${error instanceof Error ? error.message : String(error)}`;
  notice.hidden = false;
}

/** Shows that no stack could be opened. */
export function showNoStack(error: unknown): void {
  showError(error);
  element("stack-summary", HTMLElement).textContent = "No stack to show";
}

/** Shows a warning. */
export function showWarning(message: string): void {
  const warning = element("warning", HTMLElement);
  warning.textContent = message;
  warning.hidden = false;
}

function showIdle(): void {
  figure.setAttribute("aria-busy", "false");
  cancel.disabled = true;
}

function listFilled(lines: readonly string[]): void {
  element("filled", HTMLElement).replaceChildren(...lines.map((line) => textIn("li", line)));
}

function tableRow(cells: readonly (string | undefined)[]): HTMLElement {
  const row = document.createElement("tr");
  const [axis = "", ...values] = cells;
  const header = textIn("th", axis);
  header.setAttribute("scope", "row");
  row.append(header, ...values.map((value) => textIn("td", value ?? "")));
  return row;
}

function textIn(tag: "li" | "td" | "th", text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function nm(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 2 });
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
