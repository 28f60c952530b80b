"""How one text of a column is read, by what the column is."""

from collections.abc import Callable

from layers.profiles.quantities import QUANTITIES, Asked, measured
from layers.profiles.ranges import Sign
from layers.profiles.reasons import Problem
from layers.profiles.records import Column
from layers.profiles.words import Listed, Order, Read, date_read, function_read, word_read, yes_or_no_read
from planning.functions import Scheme


def reader_of(column: Column, schemes: tuple[Scheme, ...], listed: Listed, order: Order) -> Callable[[str], Read]:
    """The reading of texts that are no numbers."""
    if column.reads == "function":
        return lambda text: function_read(text, schemes, listed)
    if column.reads == "word":
        return lambda text: word_read(text, column.words, listed)
    if column.reads == "date":
        return lambda text: date_read(text, order)
    if column.reads == "yes_no":
        return yes_or_no_read
    return (lambda text: listed.get(text) or text) if listed else str


def number_problem(text: str, column: Column, unit: str | None, decimal: Sign | None) -> Problem | None:
    """What is wrong with a constant that is to be a number."""
    return measured(text, Asked(QUANTITIES[column.reads], unit, decimal)).problem
