"""The store of files: the same in a folder and in a bucket of an S3-compatible server, which runs as a process of its own."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.documents.shelf import CHUNK, Shelf, open_shelf
from planning.errors import FileStoreAway
from tests.buckets import s3_server

CONTENT = bytes(range(256)) * (CHUNK // 128) + b"end"
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """Each kind of store."""
    return open_shelf(str(tmp_path / "store") if request.param == "folder" else request.getfixturevalue("bucket"))


def read(shelf: Shelf, start: int, stop: int) -> bytes:
    async def pieces() -> list[bytes]:
        return [piece async for piece in shelf.read(SHA, start, stop)]

    return b"".join(asyncio.run(pieces()))


def test_a_file_is_kept_under_its_sha256_and_read_in_parts(shelf: Shelf):
    assert not shelf.holds(SHA, len(CONTENT))
    for _ in range(2):
        shelf.put(SHA, CONTENT)
    assert shelf.holds(SHA, len(CONTENT))
    assert read(shelf, 0, len(CONTENT)) == CONTENT
    assert read(shelf, CHUNK - 3, CHUNK + 3) == CONTENT[CHUNK - 3 : CHUNK + 3]
    assert list(shelf.all()) == [SHA]
    shelf.remove(SHA)
    assert list(shelf.all()) == []
    with pytest.raises(FileStoreAway):
        read(shelf, 0, 10)


def test_the_folder_is_fanned_out_and_holds_nothing_half_written(tmp_path: Path):
    store = tmp_path / "store"
    open_shelf(str(store)).put(SHA, CONTENT)
    (store / SHA[:2] / "notes.txt").write_text("of somebody else")
    assert (store / SHA[:2] / SHA[2:4] / SHA).read_bytes() == CONTENT
    assert list(open_shelf(str(store)).all()) == [SHA], "what is not ours is passed over"


def test_a_file_cut_short_is_written_again(tmp_path: Path):
    shelf = open_shelf(str(tmp_path))
    shelf.put(SHA, CONTENT)
    (tmp_path / SHA[:2] / SHA[2:4] / SHA).write_bytes(CONTENT[:10])
    shelf.put(SHA, CONTENT)
    assert read(shelf, 0, len(CONTENT)) == CONTENT


def test_a_store_that_cannot_be_opened_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileStoreAway, match="QUYHOACH_FILE_STORE"):
        open_shelf(str(tmp_path / "file" / "store"))
