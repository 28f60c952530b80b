"""Vietnamese letters in the encodings of the 1990s: recognised by the syllables they spell, converted to Unicode (NFC)."""
