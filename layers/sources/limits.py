"""What a file may hold at most. Real plans stay far below; what is above is refused with the limit named."""

MIB = 1024**2

LARGEST_FILE_BYTES = 8 * 1024 * MIB
"""Of formats that are read piece by piece."""

LARGEST_WHOLE_BYTES = 512 * MIB
"""Of formats that must be held in memory whole: KML, drawings, tables of points. A province's largest drawing seen is 45 MB."""

MOST_MEMBERS = 2_000
LARGEST_UNPACKED_BYTES = 8 * 1024 * MIB
MOST_RATIO = 200
"""How many times larger a zip may become: the blank columns of a .dbf reach 100."""
SMALL_UNPACKED_BYTES = 64 * MIB
"""Below this the ratio does not matter."""

MOST_FIELDS = 500
MOST_LAYERS = 2_000
LONGEST_TEXT = 100_000
"""Characters in one cell."""

MOST_VERTICES = 500_000
"""Of one feature; the 99 communes of Bắc Ninh together have 155,000."""

FARTHEST = 1e8
"""No plane or geographic coordinate of the Earth lies further from zero, in metres or degrees."""

MOST_DRAWN = 2_000_000
"""Things in a drawing once its blocks are placed: blocks within blocks can multiply without end."""
