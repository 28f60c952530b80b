"""The house itself: where the packages come from, that what is documented exists, and that every word has its place."""

import re
from pathlib import Path

import pytest
import typer

import api
import layers
import planning
import tiles
from api.app import create_app
from api.cli import application
from api.cli.imports import PARTS
from layers.catalogue import LAYERS
from planning import errors
from planning.checks.catalogue import RULES
from planning.checks.rule import MENDERS
from planning.mergers.accounts import BREACHES
from planning.mergers.seams import CAUSES
from planning.plans import THEMES
from planning.settings import Settings

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("package", [api, layers, planning, tiles])
def test_the_packages_are_those_of_this_checkout(package):
    assert Path(package.__file__).parents[1] == ROOT


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "guide" / "setup.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"QUYHOACH_{name.upper()}" in text, name


def test_every_address_is_documented(template: Settings):
    text = (ROOT / "docs" / "guide" / "api.md").read_text(encoding="utf-8")
    for path in create_app(template).openapi()["paths"]:
        assert path in text, path


def test_every_command_is_documented():
    texts = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "guide").glob("*.md"))
    group = typer.main.get_command(application())
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        for words in [f"{name} {one}" for one in getattr(command, "commands", {})] or [name]:
            assert f"quyhoach {words}" in texts, words


def test_a_command_of_import_loads_the_module_it_is_in_and_no_command_is_forgotten():
    assert set(_imports()) == set(PARTS)
    for name in PARTS:
        assert name in _imports(name), name


def _imports(*word: str) -> dict[str, typer.core.TyperCommand]:
    group = typer.main.get_command(application(["import", *word]))
    return group.commands["import"].commands  # type: ignore[attr-defined,no-any-return]


def test_every_error_has_its_own_code_and_both_languages():
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.QuyhoachError)
    ]
    codes = [kind.code for kind in kinds]
    assert len(codes) == len(set(codes))
    for kind in kinds[1:]:
        wanted = set(re.findall(r"{(\w+)}", kind.vi)) - {"vi"}
        assert wanted == set(re.findall(r"{(\w+)}", kind.en)) - {"en"}, kind


def test_the_glossary_knows_the_themes_checks_breaches_and_causes():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for word in [theme.vi.lower() for theme in THEMES] + [*BREACHES, *CAUSES]:
        assert word in text.lower(), word
    assert all(layer.vi and layer.en for layer in LAYERS.values())


def test_every_rule_has_its_own_code_and_its_section_in_the_guide():
    text = (ROOT / "docs" / "guide" / "checks.md").read_text(encoding="utf-8")
    sections = {part.partition("`")[0]: part for part in text.split("\n### `")[1:]}
    assert list(sections) == list(RULES)
    for code, rule in RULES.items():
        said = f"{rule.vi} / {rule.en}. *{rule.severity}*; {' / '.join(MENDERS[rule.mends])}."
        for words in (said, f"- {rule.advice_vi}\n", f"- {rule.advice_en}\n", f"- {rule.basis}\n"):
            assert words in sections[code] + "\n", (code, words)
    assert all(re.fullmatch(r"[a-z]+\.[a-z0-9-]+", code) for code in RULES)


def test_no_lock_names_a_download_host():
    hosts = re.compile(
        "|".join(["py" + r"pi\.org", "files.python" + "hosted", "registry.npm" + "js", "deb.deb" + r"ian\.org"])
    )
    locks = [*(ROOT / "script" / "locks").glob("*.txt"), ROOT / "api" / "web" / "package-lock.json"]
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert not hosts.search(text), lock
        assert '"resolved"' not in text, lock
        assert "sha256:" in text or "sha512-" in text, lock
