"""Files as a department has them, read without guessing: CRS and encoding are told by the file or by a person."""
