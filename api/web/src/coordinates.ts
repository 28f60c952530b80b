/** Coordinates as people type or paste them. */

export interface LonLat {
  lon: number;
  lat: number;
}

const LETTERS = /[NSEWĐBnsewđb°]/g;
const PARCEL = /^\s*(\d{5})\s*\/\s*(\d{1,7})\s*\/\s*(\d{1,7})\s*$/;

/**
 * Two numbers in degrees, in either order: the longitude is the one beyond 90. “21.27, 106.19”, “106,19; 21,27” and
 * “21.27°N 106.19°E” are the same place. Null when the text is anything else.
 */
export function readLonLat(text: string): LonLat | null {
  const numbers = twoNumbers(text.replace(LETTERS, " ").trim());
  if (numbers === null) return null;
  const [first, second] = numbers;
  const [lon, lat] = Math.abs(first) > 90 ? [first, second] : [second, first];
  return Math.abs(lon) > 90 && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}

function twoNumbers(text: string): [number, number] | null {
  const [first, second, ...more] = parts(text);
  if (first === undefined || second === undefined || more.length > 0) return null;
  return [Number(first), Number(second)];
}

/** A comma is a decimal sign only where something else tells the two numbers apart. */
function parts(text: string): string[] {
  if (/^-?\d+,-?\d+$/.test(text)) return []; // one number with a decimal comma, or two: not to be told
  const plain = /^(-?\d+(?:\.\d+)?)(?:\s*[,;]\s*|\s+)(-?\d+(?:\.\d+)?)$/.exec(text);
  if (plain) return plain.slice(1);
  const decimalCommas = /^(-?\d+,\d+)(?:\s*;\s*|\s+|\s*,\s+)(-?\d+,\d+)$/.exec(text);
  return decimalCommas ? decimalCommas.slice(1).map((number) => number.replace(",", ".")) : [];
}

/** A parcel's key, “former commune/sheet/number”; null when the text is anything else. */
export function readParcelKey(text: string): string | null {
  const found = PARCEL.exec(text);
  return found ? `${found[1]}/${Number(found[2])}/${Number(found[3])}` : null;
}
