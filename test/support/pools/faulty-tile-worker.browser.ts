import { expose } from "comlink";
import { createFaultyService } from "./faulty-tile-worker.js";

expose(
  createFaultyService(() => {
    setTimeout(() => {
      throw new Error("the worker crashed");
    });
  }),
);
