import type { BrokenSliceHandling, ImageFetcher, ProjectStack, StackMirror } from "catmaid-image";
import { steer } from "./controls.js";
import type { View } from "./cut.js";
import { cutOf, nmPerPixel } from "./cut.js";
import { CutPainter } from "./cut-painter.js";
import { Fetchers } from "./fetchers.js";
import { LatestFetch } from "./latest-fetch.js";
import { MirrorList } from "./mirror-list.js";
import { openStack } from "./open-stack.js";
import { element } from "./page-elements.js";
import { PauseMeter } from "./pause-meter.js";
import { Picture } from "./picture.js";
import * as results from "./results.js";

/** The page: the current view, and the fetch that shows it. */
class Viewer {
  readonly #stack: ProjectStack;
  readonly #fetchers: Fetchers;
  readonly #latest = new LatestFetch();
  readonly #pauses = new PauseMeter();
  readonly #figure = element("figure", HTMLElement);
  readonly #picture = new Picture();
  readonly #showControls: (view: View) => void;
  #view: View;
  #mirror: StackMirror;

  constructor(stack: ProjectStack, mirror: StackMirror) {
    this.#stack = stack;
    this.#mirror = mirror;
    this.#fetchers = new Fetchers(stack, results.showWarning);
    this.#view = { plane: "xy", zoomLevel: 0, centre: stack.canaryLocation };
    this.#showControls = steer(stack, this);
    results.showStack(stack);
    for (const id of ["broken", "threads"]) {
      element(id, HTMLSelectElement).addEventListener("change", () => this.refresh());
    }
    element("cancel", HTMLButtonElement).addEventListener("click", () => this.#latest.cancel());
    this.#listMirrors();
    new ResizeObserver(() => this.refresh()).observe(this.#figure);
  }

  get view(): View {
    return this.#view;
  }

  change(view: View): void {
    this.#view = view;
    this.refresh();
  }

  refresh(): void {
    this.#show(this.#view).catch(results.showError);
  }

  async #show(view: View): Promise<void> {
    const stack = this.#stack;
    const cut = cutOf(stack, view, { width: this.#figure.clientWidth, height: this.#figure.clientHeight });
    const frame = { plane: view.plane, resolution: cut.resolution, nmPerPixel: nmPerPixel(stack, view) };
    const [rows, columns] = [cut.upper[1] - cut.lower[1], cut.upper[2] - cut.lower[2]];
    const painter = new CutPainter(rows, columns, () => this.#picture.painted(painter.picture));
    this.#showControls(view);
    results.showFetching(stack, view, cut);
    this.#picture.begin(painter.picture, frame);
    this.#pauses.start();
    const startMs = performance.now();
    try {
      const ended = await this.#latest.run(async (signal) => {
        const volume = await this.#fetcher().getScaledSpace([cut.lower, cut.upper], {
          zoomLevel: view.zoomLevel,
          out: painter,
          onProgress: results.showProgress,
          signal,
        });
        results.showReport(stack, view, volume.report, {
          timeMs: performance.now() - startMs,
          longestPauseMs: this.#pauses.stop(),
          aborted: this.#latest.superseded,
        });
      });
      if (ended === "cancelled") results.showCancelled();
    } finally {
      this.#picture.end(painter.picture, frame);
    }
  }

  #fetcher(): ImageFetcher {
    const fetcher = this.#fetchers.of({
      plane: this.#view.plane,
      broken: element("broken", HTMLSelectElement).value as BrokenSliceHandling,
      inWorkers: element("threads", HTMLSelectElement).value === "workers",
    });
    fetcher.mirror = this.#mirror;
    return fetcher;
  }

  #listMirrors(): void {
    const mirrors = new MirrorList(element("mirrors", HTMLElement), this.#stack.mirrors, (mirror) => {
      this.#mirror = mirror;
      this.refresh();
    });
    mirrors.choose(this.#mirror);
    const button = element("probe", HTMLButtonElement);
    const probe = async (): Promise<void> => {
      button.disabled = true;
      try {
        mirrors.show(await this.#fetcher().probeMirrors());
      } finally {
        button.disabled = false;
      }
    };
    button.addEventListener("click", () => {
      probe().catch(results.showError);
    });
  }
}

async function start(): Promise<void> {
  const stack = await openStack();
  const mirror = stack.mirrors.find(({ isSupported }) => isSupported);
  if (mirror === undefined) throw new Error("The stack has no mirror that can be read.");
  new Viewer(stack, mirror);
}

start().catch(results.showNoStack);
