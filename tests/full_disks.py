"""Disks of a test's own that are truly small: a tmpfs of its size, so that what is written meets “no space left on device”."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class SmallDisk:
    """A disk of some KiB."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def grow(self, kib: int) -> None:
        """Make room."""
        _mount("-o", f"remount,size={kib}k", str(self.path))

    def fill(self) -> None:
        """Take all of the room that is left."""
        with (self.path / "filler").open("wb", buffering=0) as filler:
            while True:
                try:
                    filler.write(bytes(1024))
                except OSError:
                    return


@contextmanager
def small_disk(kib: int, owner: int | None = None) -> Iterator[SmallDisk]:
    """A disk for the length of a block, owned by `owner` (a number); the test is skipped where mounting is not permitted."""
    folder = Path(tempfile.mkdtemp(prefix="quyhoach-small-disk-", dir="/tmp"))
    try:
        whose = os.getuid() if owner is None else owner
        done = _mount("-t", "tmpfs", "-o", f"size={kib}k,mode=0700,uid={whose}", "tmpfs", str(folder))
        if done.returncode:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
        try:
            yield SmallDisk(folder)
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
    finally:
        shutil.rmtree(folder)


def _mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return subprocess.CompletedProcess(arguments, 1, "", "no mount")
