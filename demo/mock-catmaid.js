/*
 * Replaces CATMAID's front-end in catmaid-script-tag.html. It has the habits that a library must cope with: a global
 * lexical binding that is no property of window, error handlers that report every unhandled rejection, enumerable
 * methods on Set.prototype, stacks that are live objects instead of JSON, and layers that choose a mirror of their own.
 */
let CATMAID = {};

(function (CATMAID) {
  "use strict";

  const errors = [];

  function report(message) {
    errors.push(String(message));
    const list = document.getElementById("errors");
    if (list === null) return;
    list.replaceChildren();
    for (const error of errors) {
      const item = document.createElement("li");
      item.textContent = error;
      list.append(item);
    }
  }

  window.addEventListener("unhandledrejection", (event) => report(event.reason));
  window.onerror = (message) => report(message);

  for (const name of ["addAll", "difference", "intersection", "union"]) {
    Set.prototype[name] = function () {
      throw new Error(`Set.prototype.${name} is CATMAID's, and was called by someone else`);
    };
  }

  class Stack {
    constructor(info) {
      this.id = info.sid;
      this.title = info.stitle;
      this.dimension = info.dimension;
      this.resolution = info.resolution;
      this.translation = info.translation;
      this.orientation = info.orientation;
      this.broken_slices = Object.keys(info.broken_slices).map(Number);
      this.canaryLocation = info.canary_location;
      this.metadata = info.metadata;
      this.mirrors = info.mirrors;
      this.MAX_S = 4;
      this.downsample_factors = [1, 2, 4, 8, 16].map((factor) => ({ x: factor, y: factor, z: 1 }));
    }

    stackToProject(point) {
      const along = (axis) => point[axis] * this.resolution[axis] + this.translation[axis];
      return { x: along("x"), y: along("y"), z: along("z") };
    }
  }

  class StackLayer {
    constructor(stack) {
      this.stack = stack;
      this.switchToMirror(0);
    }

    switchToMirror(index) {
      const { id, image_base: baseURL, file_extension: fileExtension } = this.stack.mirrors[index];
      this.tileSource = { id, baseURL, fileExtension, authToken: "", maxTiles: null, color: null };
    }
  }

  CATMAID.StackLayer = StackLayer;
  CATMAID.reportedErrors = errors;
  CATMAID.handleError = report;
  CATMAID.messages = [];
  CATMAID.msg = (title, text) => CATMAID.messages.push(`${title}: ${text}`);

  CATMAID.registerWidget = function ({ name, creator }) {
    window.addEventListener("DOMContentLoaded", async () => {
      const sample = await (await fetch("sample.json")).json();
      CATMAID.backendURL = sample.catmaid;
      const info = await (
        await fetch(`${sample.catmaid}${sample.project}/stack/${sample.stack}/info`)
      ).json();
      const primaryStack = new Stack(info);
      const layers = [{ isTracingLayer: true }, new StackLayer(primaryStack)];
      window.project = {
        id: info.pid,
        focusedStackViewer: {
          primaryStack,
          getLayersOfType: (type) => layers.filter((layer) => layer instanceof type),
          projectCoordinates: () => primaryStack.stackToProject(info.canary_location),
        },
      };
      const widget = new creator();
      const { createControls, createContent } = widget.getWidgetConfiguration();
      const place = document.getElementById("widget");
      const heading = document.createElement("h2");
      heading.textContent = name;
      const controls = document.createElement("div");
      const content = document.createElement("div");
      place.append(heading, controls, content);
      createControls(controls);
      createContent(content);
      CATMAID.widget = widget;
    });
  };
})(CATMAID);
