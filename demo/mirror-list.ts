import type { MirrorProbe, StackMirror } from "catmaid-image";

/** The list of mirrors: which one is in use, and how fast each one is, or why it does not answer. */
export class MirrorList {
  readonly #entries = new Map<
    StackMirror,
    { readonly input: HTMLInputElement; readonly result: HTMLElement }
  >();

  constructor(list: HTMLElement, mirrors: readonly StackMirror[], onChoose: (mirror: StackMirror) => void) {
    for (const mirror of mirrors) {
      const input = document.createElement("input");
      input.type = "radio";
      input.name = "mirror";
      input.disabled = !mirror.isSupported;
      input.addEventListener("change", () => onChoose(mirror));
      const result = text("span", "result", mirror.unsupportedReason ?? "");
      const label = document.createElement("label");
      label.append(
        input,
        text("span", "title", mirror.title || `mirror ${mirror.position}`),
        kindOf(mirror),
        result,
      );
      list.append(label);
      this.#entries.set(mirror, { input, result });
    }
  }

  /** Marks the mirror in use. */
  choose(mirror: StackMirror): void {
    const entry = this.#entries.get(mirror);
    if (entry !== undefined) entry.input.checked = true;
  }

  /** Shows the results of a probe. */
  show(probes: readonly MirrorProbe[]): void {
    const fastest = Math.min(
      ...probes.map((probe) => (probe.ok ? probe.nsPerPixel : Number.POSITIVE_INFINITY)),
    );
    for (const probe of probes) {
      const entry = this.#entries.get(probe.mirror);
      if (entry === undefined) continue;
      const { result } = entry;
      result.classList.toggle("failed", !probe.ok);
      result.classList.toggle("fastest", probe.ok && probe.nsPerPixel === fastest);
      result.textContent = probe.ok ? `${probe.timeMs.toFixed(0)} ms` : probe.message;
      result.title = probe.url ?? "";
    }
  }
}

function kindOf({ tileSourceType, tileWidth, tileHeight, fileExtension }: StackMirror): HTMLElement {
  return text("span", "kind", `type ${tileSourceType}, ${tileWidth} × ${tileHeight} ${fileExtension}`);
}

function text(tag: "span", className: string, content: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = content;
  return element;
}
