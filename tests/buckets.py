"""An S3-compatible server as a process of its own (moto's), spoken to over HTTP, with a bucket in it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2 as httpx

from tests.ports import free_port

ADDRESS = "s3://plans/quyhoach"


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of a store in the bucket; the AWS_* variables say where it is while the block lasts."""
    port = free_port()
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
        _await_bucket(process, f"{address}/plans")
        yield ADDRESS
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        process.terminate()
        process.wait(20)


def _await_bucket(process: subprocess.Popen[bytes], address: str) -> None:
    for _ in range(300):
        try:
            assert httpx.put(address).status_code == 200
        except httpx.TransportError:
            assert process.poll() is None, "moto's server did not start"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("moto's server does not answer")
