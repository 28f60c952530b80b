import "maplibre-gl/dist/maplibre-gl.css";
import "./style/base.css";
import "./style/frame.css";
import "./style/answer.css";
import "./style/controls.css";
import "./style/print.css";

import type { Map as MapLibre } from "maplibre-gl";
import { App } from "./app";
import { byId } from "./dom";

declare global {
  interface Window {
    /** For tests and the browser's console: the drawn map, null where it cannot be drawn. */
    quyhoach?: { map: MapLibre | null };
  }
}

new App(byId("page")).begin();
