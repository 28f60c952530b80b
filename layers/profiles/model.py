"""What a profile may say, and what it may not: every key is known, every value is checked before a file is touched."""

from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from layers.profiles.quantities import QUANTITIES
from layers.profiles.reading import number_problem, reader_of
from layers.profiles.reasons import Problem
from layers.profiles.records import COLUMNS, FLOOR_ENDS, FLOORS, WITH_ATTRIBUTES, Column, Kind
from layers.profiles.words import Listed, Order, plain
from planning.functions import SCHEMES, Scheme, function_of
from planning.geometry import known_epsg

Constant = Literal["value", "default"]
CONSTANTS: tuple[Constant, ...] = get_args(Constant)


class Wrong(ValueError):
    """A mistake in a profile, in both languages; `key`: what it is about, where that is not the key being read."""

    def __init__(self, vi: str, en: str, key: str | None = None) -> None:
        self.vi, self.en, self.key = vi, en, key
        super().__init__(en)


class Strict(BaseModel):
    """Nothing is converted, nothing unknown is passed over, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=False)


def _some(value: Any) -> Any:
    """One name may stand without a list around it."""
    return [value] if isinstance(value, str) else value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[
    tuple[Name, ...], Field(min_length=1, max_length=50), BeforeValidator(lambda value: _tuple(_some(value)))
]
Words = Annotated[dict[Name, Name], Field(min_length=1, max_length=2000)]
ProfileName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Schemes = Annotated[
    tuple[Literal["land_use", "planning"], ...],
    Field(min_length=1, max_length=len(SCHEMES)),
    BeforeValidator(lambda value: _tuple(_some(value))),
]


def _an_epsg_code(value: str) -> str:
    if known_epsg(value) is None:
        raise Wrong(f"“{value}” không phải mã EPSG.", f"“{value}” is no EPSG code.")
    return value


def _an_encoding(value: str) -> str:
    try:
        "".encode(value)
    except LookupError:
        raise Wrong(f"không có bảng mã “{value}”.", f"there is no encoding “{value}”.") from None
    return value


class Title(Strict):
    """What the profile is for, for people."""

    vi: Name
    en: Name


class FieldRule(Strict):
    """How one column of ours is filled."""

    source: Annotated[Names | None, Field(alias="from")] = None
    """Fields of the file, the best first: in every row the first that holds something is taken."""
    value: Name | None = None
    """What it is for every feature, where no field tells."""
    default: Name | None = None
    """What it is where the fields hold nothing."""
    unit: Name | None = None
    scheme: Schemes | None = None
    values: Words | None = None
    """Their words → ours. Spellings compare without capitals, diacritics and signs; * stands for any letters."""
    pick: Literal["symbol"] | None = None
    """Of a list of texts, such as the field texts of a drawing, the one that reads like a lot symbol (OM-01)."""
    required: bool = False
    """Whether a record without it is refused, beyond what every record needs."""
    keep: bool = False
    """Whether the fields as they came also stay among the attributes."""

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        """Schemes of function codes, in the order they are tried."""
        return self.scheme or ("planning", "land_use")

    @property
    def listed(self) -> Listed:
        """Their words → ours, ready to be asked."""
        return Listed.of(self.values or {})

    @model_validator(mode="after")
    def _filled_in_one_way(self) -> Self:
        if (self.source is None) == (self.value is None):
            raise Wrong("cần đúng một trong hai: from hoặc value.", "it needs either from or value, one of the two.")
        if self.value is not None and self.default is not None:
            raise Wrong("value đã cố định, không cần default.", "its value is fixed, a default says nothing.")
        return self


class Profile(Strict):
    """A profile: which layers it is for, which kind of record it makes, how each column is filled."""

    profile: ProfileName
    title: Title
    makes: Kind
    layers: Names
    """Names of layers; * stands for any letters. Capitals do not matter, spelling does."""
    crs: Annotated[Name, AfterValidator(_an_epsg_code)] | None = None
    encoding: Annotated[Name, AfterValidator(_an_encoding)] | None = None
    decimal: Literal[",", "."] | None = None
    """The decimal sign of numbers held as text, where the values do not prove it."""
    dates: Order = "iso"
    asks: Names | None = None
    """Columns that a person must say at the import, for the file does not tell them."""
    fields: Annotated[dict[Name, FieldRule], Field(min_length=1)]
    attributes: Literal["rest", "none"] | None = None
    leave_out: Names | None = None
    """Fields that are not kept among the attributes."""
    skip: Annotated[dict[Name, Names], Field(min_length=1)] | None = None
    """Field of the file → values: features that hold one of them are no records of this kind; they are counted."""

    def names(self, layer: str) -> bool:
        """Whether it lists a layer by its very name."""
        return layer.casefold() in (name.casefold() for name in self.layers)

    def suits(self, layer: str) -> bool:
        """Whether it is for a layer of that name."""
        return any(fnmatchcase(layer.casefold(), name.casefold()) for name in self.layers)

    @property
    def columns(self) -> dict[str, Column]:
        """The columns of the kind of record it makes."""
        return COLUMNS[self.makes]

    @model_validator(mode="after")
    def _suits_its_kind(self, info: ValidationInfo) -> Self:  # noqa: ARG002 - pydantic hands it over
        for name in (*self.fields, *(self.asks or ())):
            if name not in self.columns:
                known = ", ".join(self.columns)
                key = f"fields.{name}" if name in self.fields else "asks"
                raise Wrong(
                    f"{self.makes} không có cột “{name}”; có: {known}.",
                    f"{self.makes} has no column “{name}”; it has: {known}.",
                    key,
                )
        for name, column in self.columns.items():
            if column.needed and name not in self.fields and name not in (self.asks or ()):
                raise Wrong(
                    f"thiếu cột {name}; ghi dưới fields:, hoặc dưới asks: nếu người nhập sẽ cho biết.",
                    f"the column {name} is missing; put it under fields:, or under asks: where the importer will say it.",
                    "fields",
                )
        if floors_twice(self.fields):
            raise Wrong(FLOORS_TWICE[0], FLOORS_TWICE[1], f"fields.{FLOORS}")
        for name, rule in self.fields.items():
            _suits_its_column(name, rule, self.columns[name])
            for key in CONSTANTS:
                if problem := constant_problem(rule, self.columns[name], self, key):
                    raise Wrong(f"{problem.vi}.", f"{problem.en}.", f"fields.{name}.{key}")
        if self.attributes == "rest" and self.makes not in WITH_ATTRIBUTES:
            kinds = ", ".join(WITH_ATTRIBUTES)
            raise Wrong(
                f"chỉ {kinds} giữ thuộc tính; dùng none.", f"only {kinds} keep attributes; use none.", "attributes"
            )
        return self


FLOORS_TWICE = (
    "floors đã gồm floors_min và floors_max; chỉ dùng một cách.",
    "floors fills floors_min and floors_max; use the one or the others.",
)


def floors_twice(names: Collection[str]) -> bool:
    """Whether columns would fill the floors in two ways."""
    return FLOORS in names and any(end in names for end in FLOOR_ENDS)


def constant_problem(rule: FieldRule, column: Column, profile: Profile, key: Constant = "value") -> Problem | None:
    """What is wrong with a constant of a rule, or its default."""
    text: str | None = getattr(rule, key)
    if text is None:
        return None
    if column.reads in QUANTITIES:
        return number_problem(text, column, rule.unit, profile.decimal)
    found = reader_of(column, rule.schemes, rule.listed, profile.dates)(text)
    return found if isinstance(found, Problem) else None


def _suits_its_column(name: str, rule: FieldRule, column: Column) -> None:
    where = f"fields.{name}"
    quantity = QUANTITIES.get(column.reads)
    choices = quantity.choices if quantity and quantity.choices != ("",) else ()
    if rule.unit is not None and rule.unit not in choices:
        said = ", ".join(choices) or "–"
        raise Wrong(
            f"đơn vị “{rule.unit}” không dùng được; dùng: {said}.",
            f"the unit “{rule.unit}” cannot be used; these can: {said}.",
            f"{where}.unit",
        )
    if rule.pick is not None and column.reads != "text":
        raise Wrong("chỉ dùng cho cột chữ.", "it belongs to columns of text only.", f"{where}.pick")
    if rule.scheme is not None and column.reads != "function":
        raise Wrong("chỉ dùng cho function.", "it belongs to function only.", f"{where}.scheme")
    if rule.values is not None:
        _lists_known_words(rule.values, rule, column, where)


def _lists_known_words(values: dict[str, str], rule: FieldRule, column: Column, where: str) -> None:
    """Every word of ours in the list must be one of the column's, and no word of theirs may stand there twice."""
    if column.reads not in ("word", "function", "text"):
        raise Wrong("cột này không nhận danh sách từ.", "this column takes no list of words.", f"{where}.values")
    seen: dict[str, str] = {}
    for theirs, ours in values.items():
        key = f"{where}.values.{theirs}"
        bare = plain(theirs) + "*" * theirs.count("*")
        if not plain(theirs):
            raise Wrong("cần có chữ hoặc số.", "it needs a letter or a digit.", key)
        if seen.setdefault(bare, ours) != ours:
            raise Wrong("từ này đã có với nghĩa khác.", "the word stands there already, meaning another.", key)
        if column.reads == "word" and ours not in column.words:
            known = ", ".join(column.words)
            raise Wrong(f"“{ours}” không có; dùng: {known}.", f"there is no “{ours}”; use: {known}.", key)
        if column.reads == "function" and not any(function_of(ours, scheme) for scheme in rule.schemes):
            known = ", ".join(rule.schemes)
            raise Wrong(
                f"“{ours}” không có trong bảng mã {known}; bảng mã: /v1/legend.",
                f"“{ours}” is not in the scheme {known}; the codes: /v1/legend.",
                key,
            )
