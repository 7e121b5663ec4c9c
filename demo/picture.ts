import type { Triple } from "catmaid-image";
import type { CutPlane } from "./cut.js";
import { element } from "./page-elements.js";

/** How a cut is laid out in the page. */
export interface Frame {
  readonly plane: CutPlane;
  /** Extent of a voxel in nm: normal, down, across. */
  readonly resolution: Triple;
  readonly nmPerPixel: number;
}

// Cached tiles arrive sooner. The picture then changes at once and does not flicker.
const patienceMs = 150;

const mostScaleBarPixels = 160;

/** The visible canvas. It changes when a cut is complete. If that takes long, it shows the part that has arrived. */
export class Picture {
  readonly #canvas = element("picture", HTMLCanvasElement);
  #source: HTMLCanvasElement | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #isPartShown = false;
  #isCopyDue = false;

  /** Call it when a cut is about to be fetched. The cut is painted on `source`. */
  begin(source: HTMLCanvasElement, frame: Frame): void {
    clearTimeout(this.#patience);
    this.#source = source;
    this.#isPartShown = false;
    this.#patience = setTimeout(() => {
      this.#isPartShown = true;
      this.#lay(source, frame);
    }, patienceMs);
  }

  /** Call it when a part of a cut was painted. */
  painted(source: HTMLCanvasElement): void {
    if (source !== this.#source || !this.#isPartShown || this.#isCopyDue) return;
    this.#isCopyDue = true;
    requestAnimationFrame(() => {
      this.#isCopyDue = false;
      if (this.#isPartShown && this.#source !== undefined) this.#copy(this.#source);
    });
  }

  /** Call it when the fetch has ended. The picture then shows what has arrived. */
  end(source: HTMLCanvasElement, frame: Frame): void {
    if (source !== this.#source) return;
    clearTimeout(this.#patience);
    this.#isPartShown = false;
    this.#lay(source, frame);
  }

  #lay(source: HTMLCanvasElement, { plane, resolution, nmPerPixel }: Frame): void {
    const [, down, across] = resolution;
    this.#canvas.width = source.width;
    this.#canvas.height = source.height;
    this.#canvas.style.width = `${(source.width * across) / nmPerPixel}px`;
    this.#canvas.style.height = `${(source.height * down) / nmPerPixel}px`;
    this.#copy(source);
    element("axes", HTMLElement).textContent = `${plane.charAt(0)} → ${plane.charAt(1)} ↓`;
    const magnitude = 10 ** Math.floor(Math.log10(mostScaleBarPixels * nmPerPixel));
    const digit = [5, 2].find((most) => most * magnitude <= mostScaleBarPixels * nmPerPixel) ?? 1;
    const nm = digit * magnitude;
    const scaleBar = element("scale-bar", HTMLElement);
    scaleBar.style.width = `${nm / nmPerPixel}px`;
    scaleBar.textContent = nm < 1000 ? `${nm} nm` : `${nm / 1000} µm`;
  }

  #copy(source: HTMLCanvasElement): void {
    const context = this.#canvas.getContext("2d");
    context?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context?.drawImage(source, 0, 0);
  }
}
