"""Every command that the README shows is one that exists."""

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
INCIDENTS = "import sys; from incidents.cli import main; sys.exit(main())"


def shown_commands(program: str) -> set[str]:
    """The word that follows a program's name in the README's code blocks."""
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    pattern = rf"^\s*(?:\$ )?{program}\s+([a-z-]+)"
    return {command for block in blocks for command in re.findall(pattern, block, flags=re.MULTILINE)}


def test_every_make_command_is_a_target():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))

    assert {"desk", "test"} <= shown_commands("make") <= targets


def test_every_incidents_command_is_known_to_the_command_line():
    def is_known(command: str) -> bool:
        asked = (sys.executable, "-c", INCIDENTS, command, "--help")
        return subprocess.run(asked, cwd=PROJECT, capture_output=True, check=False).returncode == 0

    assert not is_known("no-such-command")
    assert {command for command in shown_commands("incidents") if not is_known(command)} == set()
