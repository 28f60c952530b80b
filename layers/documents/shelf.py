"""The store of files: each under its sha256, in a folder or in a bucket of an S3-compatible store. What is there never changes."""

import os
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from planning.errors import FileStoreAway

_KEY = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/([0-9a-f]{64})")
CHUNK = 1 << 20
PART = 8 << 20


@dataclass(frozen=True, slots=True)
class Shelf:
    """Files by their sha256."""

    store: ObjectStore
    address: str

    def put(self, sha256: str, content: bytes) -> None:
        """Keep a file; one that is there already stays. It is whole when it is there."""
        try:
            if not self.holds(sha256, len(content)):
                obstore.put(self.store, _key(sha256), content)
        except (BaseError, OSError) as error:
            raise self._away(error) from error

    def put_file(self, sha256: str, path: Path) -> None:
        """Keep a file that may be larger than memory, part by part; it is whole when it is there."""
        try:
            if not self.holds(sha256, path.stat().st_size):
                obstore.put(self.store, _key(sha256), path, chunk_size=PART)
        except (BaseError, OSError) as error:
            raise self._away(error) from error

    def holds(self, sha256: str, size: int) -> bool:
        """Whether the file is there, whole."""
        try:
            return bool(obstore.head(self.store, _key(sha256))["size"] == size)
        except (NotFoundError, FileNotFoundError):
            return False

    async def read(self, sha256: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `stop`, a chunk at a time; the first chunk proves that the file is there."""
        for first in range(start, stop, CHUNK):
            try:
                yield bytes(
                    await obstore.get_range_async(self.store, _key(sha256), start=first, end=min(first + CHUNK, stop))
                )
            except (BaseError, OSError) as error:
                raise self._away(error) from error

    def remove(self, sha256: str) -> None:
        """Let a file go."""
        obstore.delete(self.store, _key(sha256))

    def all(self) -> Iterator[str]:
        """The sha256 of every file; what else lies there is none of ours."""
        try:
            for batch in obstore.list(self.store):
                for one in batch:
                    if (found := _KEY.fullmatch(one["path"])) and found[3].startswith(found[1] + found[2]):
                        yield found[3]
        except (BaseError, OSError) as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> FileStoreAway:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        return FileStoreAway(address=self.address, reason=reason)


def open_shelf(address: str) -> Shelf:
    """The store at an address: a folder, made where it is missing, or `s3://bucket/prefix` with keys and endpoint from AWS_* variables."""
    try:
        return Shelf(_bucket(address) if address.startswith("s3://") else _folder(address), address)
    except (BaseError, OSError, ValueError) as error:
        raise FileStoreAway(address=address, reason=str(error).splitlines()[0][:200]) from error


def _folder(address: str) -> ObjectStore:
    return LocalStore(Path(address).expanduser().absolute(), mkdir=True)


def _bucket(address: str) -> ObjectStore:
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    plain = os.environ.get("AWS_ENDPOINT_URL", os.environ.get("AWS_ENDPOINT", "")).startswith("http://")
    return S3Store(bucket, prefix=prefix.strip("/") or None, client_options={"allow_http": plain, "timeout": "30s"})


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
