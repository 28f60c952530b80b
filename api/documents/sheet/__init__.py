"""The planning sheet: one answer on paper, as a page or as a PDF, with a map drawn to scale and an address that proves it."""
