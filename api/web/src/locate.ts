/** Where the person's device is; the browser asks the person first. */

import type { LonLat } from "./coordinates";

export function locate(found: (place: LonLat) => void, failed: () => void): void {
  if (!("geolocation" in navigator)) return failed();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => found({ lon: coords.longitude, lat: coords.latitude }),
    failed,
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
  );
}
