"""Files of the store are there whole or not at all, whoever is killed."""

import hashlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from layers.digitise.file_store import address, kept
from planning.errors import NotAllowed

CODE = "import sys; from pathlib import Path; from layers.digitise.file_store import kept; kept(*map(Path, sys.argv[1:3]), sys.argv[3])"


def test_a_file_is_kept_once_under_its_sha256(tmp_path):
    file = tmp_path / "a.TIF"
    file.write_bytes(b"sheet")
    digest = hashlib.sha256(b"sheet").hexdigest()
    place = kept(tmp_path / "store", file, digest)
    assert place == address(tmp_path / "store", digest, ".tif") == tmp_path / "store" / digest[:2] / f"{digest}.tif"
    assert place.read_bytes() == b"sheet"
    file.write_bytes(b"other")
    assert kept(tmp_path / "store", file, digest).read_bytes() == b"sheet"
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_killed_at_any_moment_the_store_names_no_half_file(tmp_path):
    content = b"0123456789abcdef" * (8 << 20)
    file, digest = tmp_path / "big.tif", hashlib.sha256(content).hexdigest()
    file.write_bytes(content)
    environment = {"PYTHONPATH": str(Path(__file__).parents[3])}
    for seconds in (0.6, 0.9, 1.2):
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, str(tmp_path / "store"), str(file), digest], env=environment
        )
        time.sleep(seconds)
        process.kill()
        process.wait()
        for path in (tmp_path / "store").rglob("*.tif"):
            assert path.read_bytes() == content
            path.unlink()
    assert kept(tmp_path / "store", file, digest).read_bytes() == content


def test_a_store_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    file = tmp_path / "a.tif"
    file.write_bytes(b"sheet")
    (tmp_path / "store").write_bytes(b"in the way")
    with pytest.raises(NotAllowed, match=r"the file store .* cannot be written"):
        kept(tmp_path / "store", file, "0" * 64)
