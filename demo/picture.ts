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

// What comes from the cache is there sooner: the picture then changes at once and does not flicker.
const patienceMs = 150;

const mostScaleBarPixels = 160;

/** The canvas that is seen. It changes when a cut is complete, or shows the part that has arrived if that takes long. */
export class Picture {
  readonly #canvas = element("picture", HTMLCanvasElement);
  #source: HTMLCanvasElement | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #isPartShown = false;
  #isCopyDue = false;

  /** A cut is being fetched; it is painted on `source`. */
  begin(source: HTMLCanvasElement, frame: Frame): void {
    clearTimeout(this.#patience);
    this.#source = source;
    this.#isPartShown = false;
    this.#patience = setTimeout(() => {
      this.#isPartShown = true;
      this.#lay(source, frame);
    }, patienceMs);
  }

  /** A part of a cut has been painted. */
  painted(source: HTMLCanvasElement): void {
    if (source !== this.#source || !this.#isPartShown || this.#isCopyDue) return;
    this.#isCopyDue = true;
    requestAnimationFrame(() => {
      this.#isCopyDue = false;
      if (this.#isPartShown && this.#source !== undefined) this.#copy(this.#source);
    });
  }

  /** The fetch has ended, so the picture shows what there is. */
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
