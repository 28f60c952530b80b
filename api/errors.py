"""Errors over HTTP: one table from error to status, one shape (problem+json), and nothing of the inside of the service."""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api.documents.plain_page import problem_page
from api.documents.sheet.blocks import Tongue
from api.headers import SECURITY
from planning.errors import (
    BadQuestion,
    Busy,
    Language,
    NotFound,
    QuyhoachError,
    Refused,
    TooLarge,
    Unavailable,
    UnknownParameter,
    Unusable,
)

STATUS: tuple[tuple[type[QuyhoachError], int], ...] = (
    (TooLarge, 413),
    (Unusable, 422),
    (Refused, 400),
    (NotFound, 404),
    (Busy, 429),
    (Unavailable, 503),
)

TITLES = {
    400: {"vi": "Câu hỏi không hợp lệ", "en": "Bad question"},
    404: {"vi": "Không tìm thấy", "en": "Not found"},
    405: {"vi": "Chỉ được đọc", "en": "Reading only"},
    413: {"vi": "Quá lớn", "en": "Too large"},
    422: {"vi": "Không dùng được nội dung", "en": "Content that cannot be used"},
    429: {"vi": "Quá nhiều câu hỏi", "en": "Too many questions"},
    500: {"vi": "Lỗi của dịch vụ", "en": "A fault of the service"},
    503: {"vi": "Tạm thời không phục vụ", "en": "Temporarily unavailable"},
}
RETRY_AFTER_SECONDS = "5"
FOR_PROGRAMS = ("/v1/", "/tiles/")
"""Where every problem is problem+json, whoever asks."""

WANTED = (
    ("float", "phải là một số"),
    ("int", "phải là một số nguyên"),
    ("date", "phải là ngày có thật, dạng YYYY-MM-DD"),
    ("greater_than_equal", "phải là số từ {ge:.0f} trở lên"),
    ("less_than_equal", "phải là số không quá {le:.0f}"),
    ("string_pattern", "không đúng dạng {pattern}"),
    ("string_too_long", "dài hơn {max_length} ký tự"),
    ("string_too_short", "cần ít nhất {min_length} ký tự"),
    ("literal_error", "chỉ được là {expected}"),
    ("bool", "phải là true hoặc false"),
)
"""Kinds of mistakes as pydantic names them, in Vietnamese."""
OURS = (("write it as ", "hãy viết dạng "), ("known: ", "các giá trị được dùng: "))
"""How the sentences of our own questions begin."""

QUIET_SECONDS = 5.0


class Sparing(logging.Filter):
    """Says the same warning once in a while, and how often it was not said: while the database is away every question has the same to
    tell, and a log that fills up holds up the service.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to say it; every error is said."""
        if record.levelno != logging.WARNING:
            return True
        since, unsaid = self._said.get(str(record.msg), (-QUIET_SECONDS, 0))
        if 0 <= record.created - since < QUIET_SECONDS:  # a clock that is set back silences nothing
            self._said[str(record.msg)] = (since, unsaid + 1)
            return False
        self._said[str(record.msg)] = (record.created, 0)
        if unsaid:
            record.msg = f"{record.msg} (and {unsaid} times before)"
        return True


log = logging.getLogger("quyhoach")
log.addFilter(Sparing())
logging.getLogger("uvicorn.error").addFilter(Sparing())  # what is no HTTP is a warning each time, too


def install(app: FastAPI) -> None:
    """Let every error leave as a problem."""
    app.add_exception_handler(QuyhoachError, _explained)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(Exception, _fault)


def language_of(request: Request) -> Language:
    """The language of the sentences: `lang`, by default Vietnamese."""
    return "en" if request.query_params.get("lang") == "en" else "vi"


def problem(request: Request, status: int, code: str, detail: str, **facts: object) -> Response:
    """A problem+json answer (RFC 9457); the same sentence as a page where a browser opens an address that is made for people."""
    title = TITLES.get(status, TITLES[400])[language_of(request)]
    facts = {name: value for name, value in facts.items() if name not in {"vi", "en"}}
    body = {"type": f"/docs#{code}", "title": title, "status": status, "code": code, "detail": detail, **facts}
    headers = {"Cache-Control": "no-store"}
    if status in {429, 503}:
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    if not request.url.path.startswith(FOR_PROGRAMS):
        headers["Vary"] = "Accept"
        if "text/html" in request.headers.get("accept", "") and request.query_params.get("format") != "json":
            page = problem_page(body, request.url.path, Tongue(language_of(request)))
            return Response(page, status, headers, "text/html; charset=utf-8")
    return Response(orjson.dumps(body, default=str), status, headers, "application/problem+json")


def status_of(error: QuyhoachError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def explained(error: QuyhoachError, lang: Language) -> dict[str, object]:
    """The problem of one row among many."""
    away = isinstance(error, Unavailable)
    said = Unavailable().said(lang) if away else error.said(lang)
    return {"status": status_of(error), "code": "unavailable" if away else error.code, "detail": said}


async def _explained(request: Request, error: Exception) -> Response:
    assert isinstance(error, QuyhoachError)
    status = status_of(error)
    if isinstance(error, Unavailable):
        log.warning("unavailable: %r", error.__cause__ or error)
        return problem(request, status, "unavailable", Unavailable().said(language_of(request)))
    return problem(request, status, error.code, error.said(language_of(request)), **error.facts)


async def of_question(request: Request, error: QuyhoachError | RequestValidationError) -> Response:
    """The problem that an error of a question leaves as."""
    return await (_explained if isinstance(error, QuyhoachError) else _invalid)(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    """What FastAPI found wrong with a parameter, said as ours: the first mistake, by the parameter's name."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "extra_forbidden":
        known = ", ".join(_known(request))
        return await _explained(request, UnknownParameter(parameter=str(first["loc"][-1]), known=known))
    return await _explained(request, mistake(first))


def mistake(found: Mapping[str, Any]) -> BadQuestion:
    """What pydantic found wrong, in a sentence of either language."""
    name = str(found["loc"][-1]) if found["loc"] else "query"
    if found["type"] == "missing":
        return BadQuestion(parameter=name, vi="còn thiếu.", en="it is missing.")
    said, given = found["msg"].removeprefix("Value error, "), str(found.get("input"))[:80]
    wanted = next((words for kind, words in WANTED if found["type"].startswith(kind)), None)
    vi = wanted.format_map(found.get("ctx") or {}).replace(" or ", " hoặc ") if wanted else _ours(said)
    kind = TooLarge if name == "shape" and found["type"] == "string_too_long" else BadQuestion
    return kind(parameter=name, vi=f"“{given}”: {vi}.", en=f"“{given}”: {said}.")


def _ours(said: str) -> str:
    return next((vi + said.removeprefix(en) for en, vi in OURS if said.startswith(en)), said)


def _known(request: Request) -> list[str]:
    if known := request.scope.get("known_parameters"):
        return sorted(known)
    route = request.scope.get("route")
    params = route.dependant.query_params if route is not None else []
    names = [
        field.alias
        for param in params
        for field in getattr(param.field_info.annotation, "model_fields", {}).values()
        if field.alias
    ]
    fields = [name for param in params for name in getattr(param.field_info.annotation, "model_fields", {})]
    return sorted(names or fields)


async def _of_the_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {
        404: {"vi": "Không có địa chỉ này; xem /docs.", "en": "There is no such address; see /docs."},
        405: {
            "vi": "Dịch vụ chỉ cho đọc: hỏi bằng GET; POST chỉ để hỏi, ở /v1/lookup, /v1/lookup/batch và /verify, và không lưu gì.",
            "en": "The service only reads: ask with GET; POST only asks too, at /v1/lookup, /v1/lookup/batch and /verify,"
            " and stores nothing.",
        },
    }
    said = words.get(error.status_code, {"vi": str(error.detail), "en": str(error.detail)})[language_of(request)]
    code = "no-such-address" if error.status_code == 404 else "refused"
    answer = problem(request, error.status_code, code, said)
    answer.headers.update(error.headers or {})
    return answer


async def _fault(request: Request, error: Exception) -> Response:
    answer = of_fault(request, error)
    answer.raw_headers.extend(SECURITY)  # the last handler stands outside the middleware that adds them
    return answer


def of_fault(request: Request, error: Exception) -> Response:
    """A fault of ours: its number for the person, all else for the log."""
    number = uuid.uuid4().hex[:12]
    log.error("fault %s at %s", number, request.url.path, exc_info=error)
    said = {
        "vi": f"Dịch vụ gặp lỗi; hãy báo kèm mã {number}.",
        "en": f"The service failed; report it with the number {number}.",
    }
    return problem(request, 500, "fault", said[language_of(request)], request_id=number)
