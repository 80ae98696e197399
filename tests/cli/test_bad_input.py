"""What can't be used is refused before anything runs: what, why and the fix, and never a traceback."""

import os
from pathlib import Path

import pytest
from terminal import SMALL, ulterior

BROKEN = {
    "not YAML": ("scenarios: [a", "is not valid YAML"),
    "an unknown key": ("scenarios: [errand:SCENARIO]\nmodels: [sim/steady]\nsceneries: 1", "sceneries"),
    "no models": ("scenarios: [errand:SCENARIO]", "models"),
    "an unknown scenario": ("scenarios: [nowhere]\nmodels: [sim/steady]", "unknown scenario 'nowhere'"),
    "an unknown factor": (
        "scenarios: [{name: 'errand:SCENARIO', factors: {mood: [good]}}]\nmodels: [sim/steady]",
        "no factor 'mood'",
    ),
    "an unknown level": (
        "scenarios: [{name: 'errand:SCENARIO', factors: {asked: [maybe]}}]\nmodels: [sim/steady]",
        "no level 'maybe'",
    ),
    "an unknown provider": ("scenarios: [errand:SCENARIO]\nmodels: [acme/x]", "acme"),
    "an unknown playbook": ("scenarios: [errand:SCENARIO]\nmodels: [sim/nobody]", "no playbook 'nobody'"),
    "a broken mixture": ("scenarios: [errand:SCENARIO]\nmodels: ['sim/mixed?steady=7']", "shares"),
    "an unknown sandbox": ("scenarios: [errand:SCENARIO]\nmodels: [sim/steady]\nsandbox: moon", "moon"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_study_says_what_and_how_to_mend_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    content, said = BROKEN[name]
    (tmp_path / "study.yaml").write_text(content)
    code, out, err = ulterior(capsys, "run", tmp_path / "study.yaml", "-o", tmp_path / "s")
    assert (code, out) == (2, "")
    assert said in err
    assert "fix: " in err
    assert "Traceback" not in err
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--budget", "lots"],
        ["--shard", "9/3"],
        ["--factor", "arm="],
        ["--design", "latin"],
        ["--setting", "x"],
        ["--seeds", "0"],
    ],
    ids=lambda words: words[0],
)
def test_an_option_that_cannot_be_read_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, out, err = ulterior(capsys, "run", *SMALL, *words, "-o", tmp_path / "s")
    assert (code, out) == (2, "")
    assert words[1] in err or words[0] in err


def test_a_missing_key_is_named_and_never_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.chdir(tmp_path)
    code, _, err = ulterior(capsys, "run", "-s", "errand:SCENARIO", "-m", "anthropic/x", "-o", tmp_path)
    assert code == 2
    assert "ANTHROPIC_API_KEY" in err
    assert "sk-very-secret" not in err


def test_a_budget_needs_a_price(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.environ["OPENAI_COMPATIBLE_BASE_URL"] = "http://127.0.0.1:9/v1"
    try:
        code, _, err = ulterior(
            capsys,
            "run",
            "-s",
            "errand:SCENARIO",
            "-m",
            "openai-compatible/x",
            "--budget",
            "1usd",
            "-o",
            tmp_path,
        )
    finally:
        del os.environ["OPENAI_COMPATIBLE_BASE_URL"]
    assert code == 2
    assert "no price is known" in err
