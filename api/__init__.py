"""Ways in: HTTP, the web page, the command line, and the wiring between them and the rooms below."""
