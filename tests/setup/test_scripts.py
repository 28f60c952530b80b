"""What holds for every script, and for the files beside them."""

import os
import re
import shutil
import subprocess

import pytest
import yaml

from tests.setup.conftest import HERE

COMMANDS = ("setup", "cluster", "server", "test", "check", "fresh")
BASH = [*(HERE / "script" / name for name in COMMANDS if name != "cluster"), HERE / "script/lock", HERE / ".ci/run"]
BUILD = [*BASH, HERE / "script/cluster", HERE / "Dockerfile", HERE / "docker-compose.yml"]
GUIDE = HERE / "docs/guide/setup.md"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((HERE / "docker-compose.yml").read_text())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_script_explains_itself(name):
    told = subprocess.run([HERE / "script" / name, "--help"], capture_output=True, text=True, check=True)
    assert f"script/{name}" in told.stdout
    assert told.stderr == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_script_is_in_the_guide(name):
    assert f"script/{name}" in GUIDE.read_text()


def test_every_variable_the_scripts_read_is_in_the_guide():
    read = {name for path in BUILD for name in re.findall(r"QUYHOACH_[A-Z_]+", path.read_text())}
    inner = {"QUYHOACH_FRESH_ROOT"}  # script/fresh to itself
    assert [name for name in sorted(read - inner) if name not in GUIDE.read_text()] == []


def test_the_scripts_name_no_address_but_this_machines():
    addresses = {found for path in BUILD for found in re.findall(r"https?://[\w.\[$]+", path.read_text())}
    assert {address for address in addresses if not re.match(r"http://(127\.0\.0\.1|0\.0\.0\.0|\$)", address)} == set()


@pytest.mark.parametrize("path", BASH, ids=lambda path: path.name)
def test_every_bash_script_is_executable_and_stops_at_an_error(path):
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text()
    subprocess.run(["bash", "-n", path], check=True)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_finds_nothing():
    checked = subprocess.run(["shellcheck", "-x", *BASH], capture_output=True, text=True, check=False, cwd=HERE)
    assert checked.stdout == ""


# --- docker compose


def test_compose_holds_no_password(compose):
    passwords = re.findall(r"PASSWORD: (.*)", (HERE / "docker-compose.yml").read_text())
    assert passwords
    assert all(value.startswith("${QUYHOACH_DB_PASSWORD:?") for value in passwords)


def test_compose_watches_the_health_of_database_and_service(compose):
    services = compose["services"]
    assert "pg_isready" in services["database"]["healthcheck"]["test"]
    assert "/v1/health" in " ".join(services["service"]["healthcheck"]["test"])
    assert services["service"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_compose_pins_the_database_and_serves_this_machine_only(compose):
    assert re.fullmatch(r"postgis/postgis:\d+-\d+\.\d+", compose["services"]["database"]["image"])
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["service"]["ports"])
    assert "ports" not in compose["services"]["database"]


def test_the_image_runs_as_an_ordinary_user():
    last_stage = (HERE / "Dockerfile").read_text().split("\nFROM ")[-1]
    assert re.search(r"^USER quyhoach$", last_stage, re.MULTILINE)


def test_every_commit_hook_is_local():
    hooks = yaml.safe_load((HERE / ".pre-commit-config.yaml").read_text())
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
