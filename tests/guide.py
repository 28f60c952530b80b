"""The commands of the guide, as its readers would type them."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def guide_commands(page: str) -> list[list[str]]:
    """The arguments of every `quyhoach …` line in the code blocks of a page of the guide."""
    text = (ROOT / "docs" / "guide" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("quyhoach ")]
    return [shlex.split(line)[1:] for line in lines]
