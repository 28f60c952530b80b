"""World files: six numbers that place a picture, as .tfw, .jgw, .pgw or .wld beside it."""

from pathlib import Path

import numpy as np

from layers.digitise.fitting import Affine
from planning.errors import BadFile

LARGEST_BYTES = 4096
NUMBERS = 6


def read_world_file(path: Path) -> Affine:
    """The fit in a world file. Its last two numbers are the centre of the first pixel, ours its corner; decimal commas are read."""
    if not path.is_file():
        raise BadFile(file=str(path), vi="không có tệp này.", en="there is no such file.")
    text = path.read_bytes()[: LARGEST_BYTES + 1]
    try:
        words = text.decode("utf-8-sig").split() if len(text) <= LARGEST_BYTES else []
        numbers = [float(word.replace(",", ".")) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) != NUMBERS or not np.isfinite(numbers).all() or numbers[0] * numbers[3] == numbers[1] * numbers[2]:
        raise BadFile(
            file=path.name,
            vi="tệp định vị ảnh phải có đúng sáu số, mỗi số một dòng, và không suy biến.",
            en="a world file is six numbers, one a line, that span a plane.",
        )
    across, down = np.array([numbers[0], numbers[1]]), np.array([numbers[2], numbers[3]])
    corner = np.array([numbers[4], numbers[5]]) - across / 2 - down / 2
    return Affine(np.array([across, down, corner]))
