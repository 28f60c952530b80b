"""The proof of the answer: an oracle that reads whole geometries with shapely, questions drawn at random, and the two compared."""
