"""Documents of plans: attached in the draft, served once published, listed in every answer, swept when nobody refers to them."""

import subprocess
from pathlib import Path

import psycopg
import pytest
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from planning.settings import Settings
from tests.api.test_draft import SOUND, done, plan, rows
from tests.buckets import s3_server
from tests.conftest import QUYHOACH, _environment, name_of, quyhoach
from tests.layers.test_recognising import PNG_BYTES, pdf
from tests.locks import kill_at_the_lock
from tests.town import at, strip, write

DAY = "2026-01-15"
DECISION = ("--type", "decision", "--number", "12/QĐ-UBND", "--date", "2020-12-01")


@pytest.fixture(scope="module")
def built(template: Settings, make_database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    own, folder = make_database(name_of(template)), tmp_path_factory.mktemp("built")
    write(folder / "units.gpkg", [{"code": "90001", "name": "Xã 1", "province_code": "90", "geometry": strip(0, 200)}])
    parcel = {"former_code": "90001", "sheet": 1, "number": 1, "geometry": strip(10, 30)}
    write(folder / "parcels.gpkg", [parcel])
    done(own, "import", "units", str(folder / "units.gpkg"), "--valid-from", "2020-01-01")
    done(own, "import", "parcels", str(folder / "parcels.gpkg"), "--valid-from", "2020-01-01")
    done(own, "import", "plan", plan(folder, "QH", *SOUND))
    done(own, "publish")
    return own


@pytest.fixture
def village(built: Settings, copy_of) -> Settings:
    """One commune, one plan, one parcel, published; a store of files of its own."""
    return copy_of(built).model_copy(update={"document_mb": 1})


def written(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


@pytest.fixture
def decision(village: Settings, tmp_path: Path) -> tuple[str, bytes]:
    """A decision attached in the draft: its sha256 and its bytes."""
    content = pdf()
    done(village, "document", "add", "QH", written(tmp_path, "Quyết định 12.pdf", content), *DECISION)
    [(sha,)] = rows(village, "SELECT sha256 FROM document")
    return sha, content


def test_a_document_of_the_draft_is_served_to_nobody(village: Settings, decision: tuple[str, bytes]):
    with TestClient(create_app(village)) as api:
        answer = api.get(f"/v1/documents/{decision[0]}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-document")
        assert api.get("/v1/plans/QH/documents").json()["documents"] == []
        done(village, "publish")
        assert api.get(f"/v1/documents/{decision[0]}").content == decision[1]
        assert api.get("/v1/plans/QH/documents", params={"release": 1}).json()["documents"] == []


def test_a_file_is_served_so_that_it_can_do_nothing_here(village: Settings, decision: tuple[str, bytes]):
    done(village, "publish")
    with TestClient(create_app(village)) as api:
        answer = api.get(f"/v1/documents/{decision[0]}")
        told = answer.headers
        assert told["content-type"] == "application/pdf"
        assert told["content-disposition"] == (
            "attachment; filename=\"Quy_t __nh 12.pdf\"; filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%2012.pdf"
        )
        assert told["x-content-type-options"] == "nosniff"
        assert told["content-security-policy"] == "sandbox; default-src 'none'"
        assert told["cache-control"] == "public, max-age=31536000, immutable"
        assert told["content-length"] == str(len(decision[1]))
        again = api.get(f"/v1/documents/{decision[0]}", headers={"If-None-Match": told["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = api.head(f"/v1/documents/{decision[0]}")
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", told["content-length"])
        assert api.get(f"/v1/documents/{decision[0]}", params={"x": 1}).json()["code"] == "unknown-parameter"
        assert api.get("/v1/documents/abc").status_code == 400


@pytest.mark.parametrize(
    ("asked", "status", "first", "after"),
    [
        ("bytes=0-9", 206, 0, 10), ("bytes=5-", 206, 5, None), ("bytes=-7", 206, -7, None), ("bytes=0-99999999", 200, 0, None),
        ("bytes=99999999-", 416, 0, 0), ("bytes=-0", 416, 0, 0), ("bytes=0-1,4-5", 200, 0, None), ("items=1-2", 200, 0, None),
        ("bytes=9-3", 416, 0, 0),
    ],
)  # fmt: skip
def test_a_part_of_a_file_is_served(
    village: Settings, decision: tuple[str, bytes], asked: str, status: int, first: int, after: int | None
):
    done(village, "publish")
    with TestClient(create_app(village)) as api:
        answer = api.get(f"/v1/documents/{decision[0]}", headers={"Range": asked})
        assert (answer.status_code, answer.content) == (status, decision[1][first:after])
        if status == 206:
            start = first % len(decision[1])
            assert (
                answer.headers["content-range"] == f"bytes {start}-{start + len(answer.content) - 1}/{len(decision[1])}"
            )
        stale = api.get(f"/v1/documents/{decision[0]}", headers={"Range": asked, "If-Range": '"other"'})
        assert (stale.status_code, stale.content) == (200, decision[1])


def test_every_answer_lists_the_documents_of_its_plans_and_what_is_missing(
    village: Settings, decision: tuple[str, bytes], tmp_path: Path
):
    done(
        village,
        "document",
        "add",
        "QH",
        written(tmp_path, "so-do.png", PNG_BYTES),
        "--type",
        "drawing",
        "--title",
        "Sơ đồ",
    )
    done(village, "publish")
    x, y = at("A")
    with TestClient(create_app(village)) as api:
        point = api.get("/v1/lookup", params={"x": x + 20, "y": y - 20, "crs": "EPSG:9214", "on": DAY})
        parcel = api.get("/v1/parcels/90001/1/1", params={"on": DAY})
        of_plan = api.get("/v1/plans/QH/documents", params={"on": DAY})
        schemas.Answer.model_validate(point.json())
        schemas.Answer.model_validate(parcel.json())
        schemas.PlanDocuments.model_validate(of_plan.json())
        for answer in (point, parcel):
            [theme] = [one for one in answer.json()["themes"] if one["theme"] == "subdivision"]
            shown = theme["restrictions"][0]["plan"]
            assert [(one["type"], one["title"], one["number"], one["date"]) for one in shown["documents"]] == [
                ("decision", "Quyết định 12", "12/QĐ-UBND", "2020-12-01"), ("drawing", "Sơ đồ", None, None),
            ]  # fmt: skip
            assert shown["missing_documents"] == ["regulation"]
            assert api.get(shown["documents"][0]["url"]).content == decision[1]
        assert api.get(of_plan.json()["documents"][1]["url"]).headers["content-disposition"].startswith("inline")
        assert api.get("/v1/plans/NO/documents").json()["code"] == "unknown-plan"
        assert api.get("/v1/plans/QH/documents", params={"release": 9}).json()["code"] == "unknown-release"


def test_a_plan_without_its_public_documents_is_found_by_the_check(village: Settings, decision: tuple[str, bytes]):
    done(village, "check", "all", "--draft", code=1)
    found = (
        "SELECT severity, facts ->> 'missing' FROM finding WHERE check_code = 'plan.document-missing' AND release = {}"
    )
    assert rows(village, found.format(1)) == [("info", '["decision", "regulation", "drawing"]')]
    assert rows(village, found.format(2)) == [("info", '["regulation", "drawing"]')]
    assert "regulation" not in done(village, "document", "list")
    assert "quy định quản lý / management rules" in done(village, "document", "list", "--missing", "--draft")


def test_documents_wait_with_their_plan_and_are_let_go_with_it(
    village: Settings, decision: tuple[str, bytes], tmp_path: Path
):
    assert "document" in done(village, "draft", "list")
    assert "12/QĐ-UBND" in done(village, "document", "list", "--draft")
    assert "no document" in done(village, "document", "list")
    done(village, "draft", "discard", "QH")
    assert rows(village, "SELECT count(*) FROM document") == [(0,)]
    assert rows(village, "SELECT count(*) FROM plan WHERE release_to IS NULL") == [(1,)]


def test_a_document_is_withdrawn_by_a_release_and_earlier_ones_still_show_it(
    village: Settings, decision: tuple[str, bytes]
):
    done(village, "publish")
    assert "has 0 documents" in done(village, "document", "remove", "QH", "ffff", code=1)
    done(village, "document", "remove", "QH", decision[0][:12])
    done(village, "publish")
    with TestClient(create_app(village)) as api:
        assert api.get("/v1/plans/QH/documents").json()["documents"] == []
        assert len(api.get("/v1/plans/QH/documents", params={"release": 2}).json()["documents"]) == 1
        kept = api.get(f"/v1/documents/{decision[0]}")
        assert (kept.status_code, kept.content, kept.headers["quyhoach-withdrawn-in"]) == (200, decision[1], "3")
        assert kept.headers["cache-control"] == "no-cache"
        again = api.get(f"/v1/documents/{decision[0]}", headers={"If-None-Match": kept.headers["etag"]})
        assert (again.status_code, again.headers["quyhoach-withdrawn-in"]) == (304, "3")


def test_a_document_is_called_withdrawn_by_a_publication_only_and_no_more_once_it_is_back(
    village: Settings, decision: tuple[str, bytes], tmp_path: Path
):
    address = f"/v1/documents/{decision[0]}"
    done(village, "publish")
    with TestClient(create_app(village)) as api:
        assert "quyhoach-withdrawn-in" not in api.get(address).headers
        done(village, "document", "remove", "QH", decision[0])
        assert "quyhoach-withdrawn-in" not in api.get(address).headers
        done(village, "publish")
        assert api.get(address).headers["quyhoach-withdrawn-in"] == "3"
        done(village, "document", "add", "QH", written(tmp_path, "again.pdf", decision[1]), *DECISION)
        assert api.get(address).headers["quyhoach-withdrawn-in"] == "3"
        done(village, "publish")
        assert "quyhoach-withdrawn-in" not in api.get(address).headers


def test_a_document_of_a_draft_that_is_discarded_was_never_here(village: Settings, decision: tuple[str, bytes]):
    done(village, "discard")
    with TestClient(create_app(village)) as api:
        answer = api.get(f"/v1/documents/{decision[0]}")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-document")


def test_the_same_file_again_takes_on_what_is_said_of_it(
    village: Settings, decision: tuple[str, bytes], tmp_path: Path
):
    done(village, "publish")
    done(
        village,
        "document",
        "add",
        "QH",
        str(tmp_path / "Quyết định 12.pdf"),
        "--type",
        "decision",
        "--title",
        "Quyết định mới",
    )
    assert rows(village, "SELECT title, number, release_from, release_to FROM document ORDER BY id") == [
        ("Quyết định 12", "12/QĐ-UBND", 2, 3), ("Quyết định mới", None, 3, None),
    ]  # fmt: skip


def test_files_nobody_refers_to_are_swept_the_others_stay(
    village: Settings, decision: tuple[str, bytes], tmp_path: Path
):
    done(village, "publish")
    done(village, "document", "add", "QH", written(tmp_path, "so-do.png", PNG_BYTES), "--type", "drawing")
    assert "removed: 0; còn / kept: 2" in done(village, "document", "sweep"), "a draft keeps its files"
    done(village, "discard")
    assert "removed: 1; còn / kept: 1" in done(village, "document", "sweep")
    with TestClient(create_app(village)) as api:
        assert api.get(f"/v1/documents/{decision[0]}").content == decision[1]
    for file in Path(village.file_store).rglob(decision[0]):
        file.unlink()
    assert "files are missing" in done(village, "document", "sweep")
    with TestClient(create_app(village)) as api:
        assert api.get(f"/v1/documents/{decision[0]}").json()["code"] == "unavailable"


def test_killed_after_the_file_was_stored_the_rest_is_swept(village: Settings, server_url: str, tmp_path: Path):
    """The command waits for the plan's release, held by another session, with the row unwritten; then with the file written."""
    file = written(tmp_path, "q.pdf", pdf())
    done(village, "document", "add", "QH", written(tmp_path, "so-do.png", PNG_BYTES), "--type", "drawing")
    with psycopg.connect(village.database_url) as other:
        other.execute("SELECT FROM release WHERE number = 2 FOR UPDATE")
        command = [*QUYHOACH, "document", "add", "QH", file, *DECISION]
        process = subprocess.Popen(
            command, env=_environment(village), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        kill_at_the_lock(process, village, server_url)
    assert rows(village, "SELECT type FROM document") == [("drawing",)]
    assert "removed: 1; còn / kept: 1" in done(village, "document", "sweep")
    done(village, "document", "add", "QH", file, *DECISION)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("NO", "{}/q.pdf", "--type", "decision"), "there is no plan NO"),
        (("QH", "{}/q.png", "--type", "drawing"), "its name says image/png but its content is application/pdf"),
        (("QH", "{}/none.pdf", "--type", "drawing"), "No such file"),
        (("QH", "{}/q.pdf", "--type", "drawing", "--title", "a\nb"), "on one line"),
        (("QH", "{}/q.pdf", "--type", "song"), "Invalid value for '--type'"),
    ],
)
def test_a_mistake_is_one_clear_line(village: Settings, tmp_path: Path, words: tuple[str, ...], said: str):
    for name in ("q.pdf", "q.png"):
        written(tmp_path, name, pdf())
    result = quyhoach(village, "document", "add", *(word.format(tmp_path) for word in words))
    assert (result.returncode, len(result.stderr.strip().splitlines())) == (1, 1)
    assert said in result.stderr
    assert rows(village, "SELECT count(*) FROM document") == [(0,)]


def test_the_same_from_a_bucket_and_when_it_is_away(village: Settings, tmp_path: Path):
    content = pdf()
    with s3_server() as address:
        own = village.model_copy(update={"file_store": address})
        done(own, "document", "add", "QH", written(tmp_path, "q.pdf", content), *DECISION)
        done(own, "publish")
        [(sha,)] = rows(own, "SELECT sha256 FROM document")
        with TestClient(create_app(own)) as api:
            assert api.get(f"/v1/documents/{sha}").content == content
            part = api.get(f"/v1/documents/{sha}", headers={"Range": "bytes=3-8"})
            assert (part.status_code, part.content) == (206, content[3:9])
        assert "removed: 0; còn / kept: 1" in done(own, "document", "sweep")
    with TestClient(create_app(own)) as api:
        away = api.get(f"/v1/documents/{sha}", params={"lang": "en"})
        assert (away.status_code, away.json()["code"], away.headers["retry-after"]) == (503, "unavailable", "5")
        assert api.get("/v1/plans/QH/documents").status_code == 200, "lists need no store"
