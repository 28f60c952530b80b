"""The deployment a command works on, told by QUYHOACH_* variables."""

from pydantic import ValidationError

from planning.errors import BadQuestion
from planning.settings import Settings


def settings() -> Settings:
    """The settings of this command; a missing or wrong one is one clear line."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "QUYHOACH_" + "_".join(str(part) for part in first["loc"]).upper()
        if first["type"] == "missing":
            raise BadQuestion(
                parameter=name,
                vi="chưa đặt; ví dụ postgresql://quyhoach@localhost/quyhoach, hoặc chạy script/server.",
                en="it is not set; for example postgresql://quyhoach@localhost/quyhoach, or run script/server.",
            ) from None
        raise BadQuestion(parameter=name, vi=first["msg"], en=first["msg"]) from None


def first_line(error: Exception) -> str:
    """The first line of an error of a library: never SQL, never a stack."""
    return next(iter(str(getattr(error, "orig", None) or error).strip().splitlines()), "")
