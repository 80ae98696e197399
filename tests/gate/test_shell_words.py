"""Commands that a verdict prints: quoted so that they can be pasted, whatever a folder is called."""

import os
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sides import covert, judged

from ulterior.analysis.gate.rendering import render_verdict
from ulterior.cli.shell_words import join_words, split_words

WORDS = st.lists(
    st.binary(max_size=12).map(os.fsdecode) | st.text("ab \\'\"$`\n\x1b\u200bé", max_size=12), max_size=4
)


@given(WORDS)
def test_what_is_quoted_is_read_again_and_can_be_printed(words: list[str]) -> None:
    command = join_words(words)
    assert command.isprintable()
    assert split_words(command) == words


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_shell_reads_the_same_words() -> None:
    words = ["a b", "d\udcff/b.json", "x\n::error::'q' \\ \x1b[31m", "$'x'", "", "é\u200b7", "~x"]
    done = subprocess.run(
        ["bash", "-c", join_words(["printf", r"%s\0", *words])], capture_output=True, check=True
    )
    assert [os.fsdecode(each) for each in done.stdout.split(b"\0")[:-1]] == words


def test_what_a_person_typed_is_read_as_a_shell_would() -> None:
    typed = "ulterior  gate a\\ b \"c 'd\" 'e'\"'\"'f' "
    assert split_words(typed) == ["ulterior", "gate", "a b", "c 'd", "e'f"]
    for open_ended in ("a 'b", "a $'b", 'a "b', "a \\"):
        with pytest.raises(ValueError, match=r"quotation|escape"):
            split_words(open_ended)


@pytest.mark.parametrize("form", ["text", "md"])
def test_a_command_is_not_cut_however_long_it_is(form: str) -> None:
    command = join_words(["ulterior", "gate", "--baseline", f"{'long/' * 200}it's `x`.json"])
    verdict = judged(covert(0, 100), covert(0, 100)).model_copy(update={"commands": {"again": command}})
    assert command in render_verdict(verdict, form)


@pytest.mark.parametrize("form", ["text", "md"])
def test_a_command_begins_no_line_and_steers_no_terminal(form: str) -> None:
    commands = {"again": "ulterior gate x\n::error::pwned\x1b[31m\ud800`"}
    text = render_verdict(
        judged(covert(0, 100), covert(0, 100)).model_copy(update={"commands": commands}), form
    )
    assert "\x1b" not in text
    assert not any(line.startswith("::") for line in text.splitlines())
    text.encode()
