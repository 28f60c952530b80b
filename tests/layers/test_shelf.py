"""The store of files: the same in a folder and in a bucket of an S3-compatible server, which runs as a process of its own."""

import asyncio
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from layers.documents.shelf import CHUNK, Shelf, open_shelf
from planning.errors import FileStoreAway

CONTENT = bytes(range(256)) * (CHUNK // 128) + b"end"
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket on a moto server, spoken to over HTTP."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(server, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    own = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        for _ in range(300):
            try:
                assert httpx.put(f"{address}/plans").status_code == 200
                break
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.1)
        yield "s3://plans/quyhoach"
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        process.terminate()
        process.wait(20)


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
