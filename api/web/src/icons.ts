/** Icons drawn as paths on a 24 × 24 grid. Always beside words, so hidden from screen readers. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  applies: ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z", "m7.5 12.5 3 3 6-6.5"],
  none: ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z", "M8 12h8"],
  no_data: ["M9 8.5a3 3 0 1 1 4.4 2.7c-1 .5-1.4 1.1-1.4 2.3", "M12 17.2v.1", "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z"],
  not_carried_over: ["M6 2h12M6 22h12", "M7 2v4l5 6-5 6v4M17 2v4l-5 6 5 6v4"],
  warning: ["M12 3 1.8 21h20.4L12 3Z", "M12 10v5", "M12 18v.1"],
  error: ["M8 2h8l6 6v8l-6 6H8l-6-6V8l6-6Z", "m9 9 6 6m0-6-6 6"],
  info: ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Z", "M12 11v6", "M12 7v.1"],
  offline: ["M2 2l20 20", "M5 12.5a10 10 0 0 1 4-2.4M19 12.5a10 10 0 0 0-5-2.7", "M8.5 16a5 5 0 0 1 7 0", "M12 20v.1"],
  search: ["M10.5 3a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15Z", "m16 16 5 5"],
  close: ["M5 5l14 14M19 5 5 19"],
  layers: ["m12 2 10 5.5L12 13 2 7.5 12 2Z", "m2 12 10 5.5L22 12", "m2 16.5 10 5.5 10-5.5"],
  plus: ["M12 4v16M4 12h16"],
  minus: ["M4 12h16"],
  locate: ["M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z", "M12 1v4M12 19v4M1 12h4M19 12h4", "M12 11v2"],
  extent: ["M3 9V3h6M15 3h6v6M21 15v6h-6M9 21H3v-6"],
  link: ["M10 14a5 5 0 0 0 7 0l3-3a5 5 0 0 0-7-7l-1.5 1.5", "M14 10a5 5 0 0 0-7 0l-3 3a5 5 0 0 0 7 7l1.5-1.5"],
  pdf: ["M6 2h9l5 5v15H6V2Z", "M14 2v6h6", "M9 13h7M9 17h7"],
  print: ["M6 9V2h12v7", "M6 18H3v-9h18v9h-3", "M6 14h12v8H6z"],
  chevron: ["m6 9 6 6 6-6"],
  pin: ["M12 22s7-7.2 7-12.5A7 7 0 0 0 5 9.5C5 14.8 12 22 12 22Z", "M12 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z"],
  parcel: ["M4 5l7-2 9 4-2 12-9 2-6-7 1-9Z"],
  line: ["M2 18 9 9l6 5 7-9", "M2 22h20"],
  outline: ["M5 5l14 3-3 12-11-4L5 5Z", "M5 3.5v3M3.5 5h3M19 6.5v3M17.5 8h3M16 18.5v3M14.5 20h3M5 14.5v3M3.5 16h3"],
  undo: ["M4 9h10a6 6 0 0 1 0 12H8", "m8 4-5 5 5 5"],
  file: ["M6 2h8l5 5v15H6V2Z", "M14 2v5h5", "M12.5 19v-7M9.5 15l3-3 3 3"],
  commune: ["M3 21V9l6-4 6 4v12", "M15 12h6v9H3", "M8 21v-5h2v5"],
  past: ["M3 12a9 9 0 1 0 3-6.7", "M3 3v4h4", "M12 7v5l3.5 2"],
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  for (const path of PATHS[name]) {
    const stroke = document.createElementNS(SVG, "path");
    stroke.setAttribute("d", path);
    svg.append(stroke);
  }
  return svg;
}
