/* A widget for CATMAID that shows the tissue around the place that its viewer is at. */
(function (CATMAID) {
  "use strict";

  class RegionWidget {
    constructor() {
      this.abort = new AbortController();
      const viewer = project.focusedStackViewer;
      const stack = CatmaidImage.ProjectStack.fromCatmaidStack(viewer.primaryStack, {
        projectId: project.id,
        catmaidUrl: CATMAID.backendURL,
      });
      this.fetcher = new CatmaidImage.ThreadedImageFetcher(stack, {
        onWarning: (message) => this.note(message),
      });
    }

    getName() {
      return "Region";
    }

    /** What CATMAID calls when the widget is closed. */
    destroy() {
      this.abort.abort();
      return this.fetcher.close();
    }

    getWidgetConfiguration() {
      return {
        createControls: (controls) => {
          this.button = document.createElement("button");
          this.button.textContent = "Fetch 2 × 2 × 0.12 µm";
          this.button.addEventListener("click", () => this.show().catch(CATMAID.handleError));
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

    async show() {
      const { x, y, z } = project.focusedStackViewer.projectCoordinates();
      const lower = [z, y - 1000, x - 1000]; // z, y, x in nm
      const upper = [z + 120, y + 1000, x + 1000];
      this.button.disabled = true;
      try {
        this.volume = await this.fetcher.getProjectSpace([lower, upper], { signal: this.abort.signal });
        this.draw(this.volume);
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
      this.note(
        `${depth} × ${rows} × ${columns} voxels of ${report.tiles.fetched} tiles, decoded by ${decoders}`,
      );
    }

    note(text) {
      const item = document.createElement("li");
      item.textContent = text;
      this.notes.append(item);
    }
  }

  CATMAID.registerWidget({ name: "Region", key: "catmaid-image-region", creator: RegionWidget });
})(CATMAID);
