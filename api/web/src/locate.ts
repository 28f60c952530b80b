/** Where the person's device is; the browser asks the person first. */

import type { LonLat } from "./coordinates";
import type { Vocabulary } from "./i18n";

/** Who tells the person how it goes; nothing said takes the last word away. */
interface Speaker {
  say(...content: string[]): void;
}

export function locate(speaker: Speaker, words: Vocabulary, found: (place: LonLat) => void): void {
  const failed = (): void => speaker.say(words.cannotLocate);
  speaker.say(words.locating);
  if (!("geolocation" in navigator)) return failed();
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      speaker.say();
      found({ lon: coords.longitude, lat: coords.latitude });
    },
    failed,
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
  );
}
