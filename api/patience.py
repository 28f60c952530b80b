"""How long a client may take and how much it may send, below HTTP: uvicorn waits for ever for a request that never ends.

A question is here in whole within seconds and within some kilobytes; an answer nobody reads is dropped. So slow clients hold nothing that
others need. `quyhoach serve` speaks HTTP through this class.
"""

import asyncio
from typing import Any, cast

import orjson
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES = 65_536
"""Of a question with its headers: a polygon of 16 kB, every letter escaped, has room."""

MOST_OF = {"/v1/lookup": 131_072, "/v1/lookup/batch": 21 * 2**20, "/verify/": 5 * 65_536}
"""Of a question that is posted: its own route refuses what is a little longer, with a better sentence."""

READ_SECONDS = 10.0
READ_SECONDS_OF = {"/v1/lookup/batch": 60.0}
WRITE_SECONDS = 20.0

_REASON = orjson.dumps({
    "type": "/docs#too-large", "title": "Câu hỏi quá lớn / Question too large", "status": 413, "code": "too-large",
    "detail": f"Câu hỏi dài hơn {MOST_BYTES // 1024} kB. / The question is longer than {MOST_BYTES // 1024} kB.",
})  # fmt: skip
_TOO_LARGE = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/problem+json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_REASON), _REASON)
)

_FULL = {
    "vi": ("Tạm thời không phục vụ", "Đang có quá nhiều kết nối; hãy thử lại sau ít giây."),
    "en": ("Temporarily unavailable", "There are too many connections; try again in a few seconds."),
}
_RETRY_AFTER = b"5"


async def full(scope: Scope, _: Receive, send: Send) -> None:
    """What is answered in the place of the service while it holds as many connections as it may: 503, and when to come again."""
    title, detail = _FULL["en" if b"lang=en" in scope["query_string"].split(b"&") else "vi"]
    body = orjson.dumps(
        {"type": "/docs#unavailable", "title": title, "status": 503, "code": "unavailable", "detail": detail}
    )
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body)), (b"retry-after", _RETRY_AFTER),
        (b"cache-control", b"no-store"), (b"connection", b"close")]  # fmt: skip
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class _Heard:
    """A transport to which a late answer may still be written: between its end and the word of it, uvloop raises, and that is no fault."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        """Write where somebody listens."""
        if not self._transport.is_closing():
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Patient(HttpToolsProtocol):
    """uvicorn's protocol with an end to its patience, and a reason where it is full."""

    _whole = False
    _held = 0
    _most = MOST_BYTES
    _seconds = READ_SECONDS
    _reading: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def __init__(self, *config: Any, **more: Any) -> None:
        super().__init__(*config, **more)
        self._most_at_once, self.limit_concurrency = self.limit_concurrency, None  # its own word has no reason

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """The first question is awaited from here on."""
        super().connection_made(transport)
        self._reading = self.loop.call_later(READ_SECONDS, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Bytes of a question; the clock runs from its first byte to its last, however they trickle."""
        if self.transport.is_closing():
            return
        if not self._held:
            self._most = max(MOST_OF.values()) if data.startswith(b"POST ") else MOST_BYTES
        self._held += len(data)
        if self._held > self._most:  # before the parser, whose own word on a long address has no reason
            self._refuse_length()
            return
        super().data_received(data)
        if self._whole:
            self._stop_reading_clock()
        elif self._held > self._most:  # which its address has told by now
            self._refuse_length()
        elif self._reading is None:
            self._reading = self.loop.call_later(self._seconds, self.transport.abort)

    def _refuse_length(self) -> None:
        self.transport.write(_TOO_LARGE)
        self.transport.close()

    def on_message_begin(self) -> None:
        """A question begins."""
        self._whole, self._seconds = False, READ_SECONDS
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """What is posted may be longer, and take longer; a service that is full says so."""
        if self._is_full():
            self.app = full
        super().on_headers_complete()
        self.cycle.transport = cast("asyncio.Transport", _Heard(self.transport))
        if self.scope["method"] == "POST":
            path = self.scope["path"]
            path = "/verify/" if path.startswith("/verify/") else path  # each hash has an address of its own
            self._most, self._seconds = MOST_OF.get(path, MOST_BYTES), READ_SECONDS_OF.get(path, READ_SECONDS)
            if self._reading is not None:
                self._stop_reading_clock()
                self._reading = self.loop.call_later(self._seconds, self.transport.abort)

    def _is_full(self) -> bool:
        """Whether there are too many connections, of which many may be silent, or questions."""
        return self._most_at_once is not None and max(len(self.connections), len(self.tasks)) >= self._most_at_once

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing: who asks for another protocol is answered in this one, and no stranger fills the log."""

    def on_message_complete(self) -> None:
        """A question is here in whole."""
        self._whole, self._held = True, 0
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not read as fast as it is written to."""
        super().pause_writing()
        self._writing = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads again."""
        super().resume_writing()
        self._stop_writing_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """No clock outlives its connection."""
        self._stop_reading_clock()
        self._stop_writing_clock()
        super().connection_lost(exc)

    def _stop_reading_clock(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _stop_writing_clock(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
