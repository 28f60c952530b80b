"""Documents of plans: recognising a file by its content, and the store of files."""
