/* A widget for CATMAID that shows the tissue around the place that the focused viewer shows. */
(function (CATMAID) {
  "use strict";

  class RegionWidget {
    constructor() {
      this.abort = new AbortController();
    }

    getName() {
      return "Region";
    }

    /** CATMAID calls this when the widget is closed. */
    destroy() {
      this.abort.abort();
    }

    getWidgetConfiguration() {
      return {
        createControls: (controls) => {
          this.button = document.createElement("button");
          this.button.textContent = "Fetch 2 × 2 × 0.12 µm";
          this.button.addEventListener("click", () => this.show());
          controls.append(this.button);
        },
        createContent: (content) => {
          this.sections = document.createElement("div");
          this.sections.className = "sections";
          this.notes = document.createElement("ul");
          this.notes.id = "notes";
          content.append(this.sections, this.notes);
        },
      };
    }

    /** A fetcher for a viewer's stack, with the mirror and the settings of the layer that shows the stack. */
    fetcherOf(viewer) {
      const { primaryStack } = viewer;
      const layers = viewer.getLayersOfType(CATMAID.StackLayer);
      const { tileSource } = layers.find((layer) => layer.stack.id === primaryStack.id);
      const stack = CatmaidImage.ProjectStack.fromCatmaidStack(primaryStack, {
        projectId: project.id,
        catmaidUrl: CATMAID.backendURL,
        settings: tileSource,
      });
      // If this mirror is of a type that cannot be fetched, the fetcher takes the stack's first supported one.
      const shown = stack.mirrors.find((mirror) => mirror.id === tileSource.id && mirror.isSupported);
      return new CatmaidImage.ThreadedImageFetcher(stack, {
        preferredMirror: shown,
        failover: true, // When that mirror goes down, another takes over; the report says so.
        dataType: "uint8", // The grey values that are drawn below; a stack of labels is refused.
        maxRequests: 3, // Leaves connections to the viewer: a browser has six for a host.
        onWarning: (message) => this.note(message),
      });
    }

    async show() {
      this.button.disabled = true;
      try {
        const viewer = project.focusedStackViewer;
        const { x, y, z } = viewer.projectCoordinates();
        const lower = [z, y - 1000, x - 1000]; // z, y, x in nm
        const upper = [z + 120, y + 1000, x + 1000];
        const fetcher = this.fetcherOf(viewer);
        try {
          this.draw(await fetcher.getProjectSpace([lower, upper], { signal: this.abort.signal }));
        } finally {
          await fetcher.close(); // The workers stay warm for the next one.
        }
      } catch (error) {
        // It is no error if the widget was closed meanwhile.
        if (!this.abort.signal.aborted) CATMAID.handleError(error);
      } finally {
        this.button.disabled = false;
      }
    }

    draw({ data, shape, report }) {
      const [depth, rows, columns] = shape;
      this.sections.replaceChildren();
      for (let section = 0; section < depth; section++) {
        const image = new ImageData(columns, rows);
        const pixels = new Uint32Array(image.data.buffer);
        const first = section * rows * columns;
        for (let i = 0; i < pixels.length; i++) pixels[i] = data[first + i] * 0x010101 + 0xff000000;
        const canvas = document.createElement("canvas");
        canvas.width = columns;
        canvas.height = rows;
        canvas.getContext("2d").putImageData(image, 0, 0);
        this.sections.append(canvas);
      }
      const decoders = Object.keys(report.decoders).join(", ");
      const mirrors = [report.mirror, ...report.failovers.map(({ to }) => to)].map(({ title }) => title);
      this.note(
        `${depth} × ${rows} × ${columns} voxels of ${report.tiles.fetched} tiles ` +
          `from ${mirrors.join(", then ")}, decoded by ${decoders}`,
      );
    }

    note(text) {
      const item = document.createElement("li");
      item.textContent = text;
      this.notes.append(item);
    }
  }

  CATMAID.registerWidget({
    name: "Region",
    description: "The tissue around the place that the viewer is at",
    key: "catmaid-image-region",
    creator: RegionWidget,
  });
})(CATMAID);
