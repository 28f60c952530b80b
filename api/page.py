"""The page's files: compressed once per process, and kept for ever where their names carry their content's hash."""

import gzip
import os
from functools import lru_cache
from pathlib import Path

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.responses import FileResponse
from starlette.types import Scope

from api.headers import FOR_EVER, takes_gzip

PAGE = Path(__file__).parent / "web" / "dist"

COMPRESSED = {".html", ".js", ".css", ".svg", ".json", ".md"}
SMALLEST_TO_COMPRESS = 1024


class PageFiles(StaticFiles):
    """What the page's build wrote. Its names change with their content, but for the HTML files."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """A file as it is or compressed; 304 where the browser has it."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        path = Path(full_path)
        response.headers["Cache-Control"] = FOR_EVER if path.parent.name == "assets" else "no-cache"
        if path.suffix not in COMPRESSED or stat_result.st_size < SMALLEST_TO_COMPRESS:
            return response
        response.headers["Vary"] = "Accept-Encoding"
        if not isinstance(response, FileResponse) or not takes_gzip(Headers(scope=scope)):
            return response
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        headers["Content-Encoding"] = "gzip"
        return Response(_packed(path, stat_result.st_mtime_ns), status_code, headers)


@lru_cache(maxsize=64)
def _packed(path: Path, _changed_at_ns: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9, mtime=0)
