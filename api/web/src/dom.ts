/** Elements made from values. Text only ever enters as text: names in the data are nobody's markup. */

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>>;

export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) give(element, key, value);
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return element;
}

function give(element: Element, name: string, value: Attributes[string]): void {
  if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
  else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
}

/** A small square in the colour of a map fill; hatched where the fill is not known. */
export function swatch(fill: string | null): HTMLElement {
  const square = el("span", { class: fill ? "swatch" : "swatch unknown", "aria-hidden": "true" });
  if (fill) square.style.backgroundColor = fill;
  return square;
}

export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}
