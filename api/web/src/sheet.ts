/** On a phone the panel is a sheet over the map that is dragged or pressed to one of three heights. */

import type { Hidden } from "./map";

type Size = "peek" | "half" | "full";

const NARROW = matchMedia("(max-width: 799px)");
const PEEK_PX = 168;
const NEXT: Readonly<Record<Size, Size>> = { peek: "half", half: "full", full: "peek" };

export class Sheet {
  private size: Size = "peek";
  private dragged = false;

  constructor(
    private readonly panel: HTMLElement,
    private readonly grip: HTMLElement,
  ) {
    NARROW.addEventListener("change", () => this.apply());
    addEventListener("resize", () => this.apply());
    grip.addEventListener("click", () => {
      if (!this.dragged) this.set(NEXT[this.size]);
      this.dragged = false;
    });
    grip.addEventListener("pointerdown", (event) => this.drag(event));
    this.apply();
  }

  set(size: Size): void {
    this.size = size;
    this.apply();
  }

  /** Bring up an answer; a sheet already drawn further up stays there. */
  raise(): void {
    if (this.size === "peek") this.set("half");
  }

  get hidden(): Hidden {
    return { bottom: NARROW.matches ? heightOf(this.size) : 0 };
  }

  private apply(): void {
    this.panel.dataset["size"] = this.size;
    this.panel.style.height = NARROW.matches ? `${heightOf(this.size)}px` : "";
  }

  private drag(start: PointerEvent): void {
    const from = this.panel.offsetHeight;
    this.grip.setPointerCapture(start.pointerId);
    const move = (event: PointerEvent): void => {
      const height = from + start.clientY - event.clientY;
      this.dragged ||= Math.abs(height - from) > 6;
      if (this.dragged) this.panel.style.height = `${Math.min(Math.max(height, 60), heightOf("full"))}px`;
    };
    const end = (): void => {
      this.grip.removeEventListener("pointermove", move);
      if (this.dragged) this.set(nearest(this.panel.offsetHeight));
    };
    this.grip.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"] as const) this.grip.addEventListener(name, end, { once: true });
  }
}

function heightOf(size: Size): number {
  return { peek: PEEK_PX, half: Math.round(innerHeight * 0.52), full: Math.round(innerHeight * 0.86) }[size];
}

function nearest(height: number): Size {
  const sizes: Size[] = ["peek", "half", "full"];
  return sizes.reduce((best, size) => (Math.abs(heightOf(size) - height) < Math.abs(heightOf(best) - height) ? size : best));
}
