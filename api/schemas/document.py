"""What every document shares: both languages, the release and the day, problems."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    """No field that is not declared leaves the service."""

    model_config = ConfigDict(extra="forbid")


ValidTo = Annotated[
    date | None,
    Field(
        description="the first day on which it holds no more: the day after the last day of its term; null: no end on record"
    ),
]
"""Terms are half-open in every document; sheets and the page print the last day."""


class Words(Document):
    """A text in both languages."""

    vi: str
    en: str


class Problem(BaseModel):
    """An error, as problem+json (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str = Field(description="a stable code, e.g. unknown-parameter")
    detail: str = Field(description="one sentence: what, where, what to do")


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words, "content": {"application/problem+json": {}}}
    for status, words in ((400, "Câu hỏi không hợp lệ / bad question"), (404, "Không tìm thấy / not found"),
        (503, "Tạm thời không phục vụ / unavailable"))
}  # fmt: skip

TOO_LARGE: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words, "content": {"application/problem+json": {}}}
    for status, words in (
        (413, "Câu hỏi quá lớn / too large"),
        (429, "Quá nhiều câu hỏi về vùng / too many about areas"),
    )
}


class Release(Document):
    """One publication."""

    number: int
    published_at: datetime
    note: str | None
    illustration: bool = Field(description="true: invented data, without legal force")


class Dated(Document):
    """Every answer names its release and its day."""

    release: Release
    on: date
