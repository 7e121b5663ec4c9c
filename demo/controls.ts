import type { ProjectStack } from "catmaid-image";
import type { CutPlane, View } from "./cut.js";
import { atSection, cutAxes, moved, sectionCount, sectionOf } from "./cut.js";
import { element } from "./page-elements.js";

/** The object that keeps the view. */
export interface ViewHolder {
  readonly view: View;
  change(view: View): void;
}

/** Turns input into changes of the view. Returns a function that makes the controls show a view. */
export function steer(stack: ProjectStack, holder: ViewHolder): (view: View) => void {
  const slider = element("section", HTMLInputElement);
  const zoom = element("zoom", HTMLSelectElement);
  const planes = [...document.querySelectorAll<HTMLInputElement>("#planes input")];
  for (let level = 0; level <= stack.maxZoomLevel; level++) {
    const nm = stack.resolution.x * stack.downsampleFactor(level).x;
    zoom.append(new Option(`${level} (${nm} nm)`, String(level)));
  }

  const step = (sections: number): void => {
    const { view } = holder;
    const target = sectionOf(stack, view) + sections;
    if (target >= 0 && target < sectionCount(stack, view)) holder.change(atSection(stack, view, target));
  };
  const zoomBy = (levels: number): void => {
    const zoomLevel = holder.view.zoomLevel + levels;
    if (stack.hasZoomLevel(zoomLevel)) holder.change({ ...holder.view, zoomLevel });
  };
  const pan = (right: number, down: number): void => holder.change(moved(stack, holder.view, right, down));

  slider.addEventListener("input", () => holder.change(atSection(stack, holder.view, slider.valueAsNumber)));
  zoom.addEventListener("change", () => holder.change({ ...holder.view, zoomLevel: Number(zoom.value) }));
  for (const input of planes) {
    input.addEventListener("change", () => holder.change({ ...holder.view, plane: input.value as CutPlane }));
  }
  element("previous", HTMLButtonElement).addEventListener("click", () => step(-1));
  element("next", HTMLButtonElement).addEventListener("click", () => step(1));
  onKeys(element("picture", HTMLCanvasElement), { step, zoomBy, pan });
  onPointer(element("figure", HTMLElement), { step, zoomBy, pan });

  // The controls are disabled until there is a stack.
  const switches = [
    slider,
    zoom,
    ...["previous", "next", "probe"].map((id) => element(id, HTMLButtonElement)),
  ];
  const choices = ["broken", "threads"].map((id) => element(id, HTMLSelectElement));
  for (const control of [...switches, ...choices, element("planes", HTMLFieldSetElement)])
    control.disabled = false;

  return (view) => {
    const [normal] = cutAxes(view.plane);
    const sections = sectionCount(stack, view);
    const section = sectionOf(stack, view);
    slider.max = String(sections - 1);
    slider.value = String(section);
    zoom.value = String(view.zoomLevel);
    for (const input of planes) input.checked = input.value === view.plane;
    element("section-label", HTMLLabelElement).textContent = `Section ${normal}`;
    element("section-value", HTMLOutputElement).value = `${section} (0 to ${sections - 1})`;
  };
}

interface Steps {
  step(sections: number): void;
  zoomBy(levels: number): void;
  pan(right: number, down: number): void;
}

function onKeys(target: HTMLElement, { step, zoomBy, pan }: Steps): void {
  const distance = 96;
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => pan(-distance, 0),
    ArrowRight: () => pan(distance, 0),
    ArrowUp: () => pan(0, -distance),
    ArrowDown: () => pan(0, distance),
    ",": () => step(-1),
    ".": () => step(1),
    "+": () => zoomBy(-1),
    "=": () => zoomBy(-1),
    "-": () => zoomBy(1),
  };
  target.addEventListener("keydown", (event) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

function onPointer(target: HTMLElement, { step, zoomBy, pan }: Steps): void {
  target.addEventListener("pointerdown", (event) => {
    if (event.button === 0) target.setPointerCapture(event.pointerId);
  });
  target.addEventListener("pointermove", (event) => {
    if (target.hasPointerCapture(event.pointerId)) pan(-event.movementX, -event.movementY);
  });
  target.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const direction = Math.sign(event.deltaY);
      if (event.ctrlKey) zoomBy(direction);
      else step(direction);
    },
    { passive: false },
  );
}
