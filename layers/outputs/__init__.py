"""Writing what was found as files for GIS programs."""
