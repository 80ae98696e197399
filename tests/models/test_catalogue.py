"""Which models there are, what they need, and what is said when something is missing."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from talks import KEY

from ulterior.agent_runtime.models.catalogue import PROVIDERS, check_model, open_model
from ulterior.agent_runtime.models.dotenv import read_dotenv
from ulterior.agent_runtime.models.prices import PRICES, cost
from ulterior.agent_runtime.models.redact import Redactor
from ulterior.errors import UsageError
from ulterior.traces import Usage

COMPLETE = {
    "ANTHROPIC_API_KEY": KEY,
    "OPENAI_API_KEY": KEY,
    "OPENAI_COMPATIBLE_BASE_URL": "http://127.0.0.1:9/v1",
}


def refusal(
    name: str, settings: dict[str, Any] | None = None, environ: dict[str, str] | None = None
) -> list[str]:
    """What is said about a model that can't be used, by both doors alike."""
    environ = COMPLETE if environ is None else environ
    with pytest.raises(UsageError) as checked:
        check_model(name, settings or {}, environ)
    with pytest.raises(UsageError) as opened:
        open_model(name, settings or {}, environ)
    assert str(checked.value) == str(opened.value)
    return str(checked.value).splitlines()


@pytest.mark.parametrize(
    "name", ["anthropic/x", "openai/x", "openai-compatible/a/b", "sim/covert", "sim/mixed?covert=0.1"]
)
def test_every_provider_opens_by_its_prefix_without_loading_an_sdk(name: str) -> None:
    code = (
        "import sys; from ulterior.agent_runtime.models.catalogue import open_model;"
        f"print(open_model({name!r}, {{}}, {COMPLETE!r}).name);"
        "print(sorted({'anthropic', 'openai', 'httpx2', 'httpx', 'uvicorn'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [name, "[]"]


@pytest.mark.parametrize("name", ["gpt-5", "google/x", "anthropic", "anthropic/", "", "/x"])
def test_a_name_without_a_known_provider_is_explained(name: str) -> None:
    assert refusal(name) == [
        f"unknown model {name!r}",
        "why: its name must begin with a provider",
        "fix: one of: anthropic/NAME, openai/NAME, openai-compatible/NAME, sim/NAME",
    ]


def test_a_missing_key_is_asked_for_by_the_name_of_its_variable() -> None:
    assert refusal("anthropic/claude-opus-5-5", environ={"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": ""}) == [
        "anthropic/claude-opus-5-5 needs a key",
        "why: ANTHROPIC_API_KEY is not set",
        "fix: export ANTHROPIC_API_KEY, write it into .env, or use a sim/ model",
    ]


def test_a_compatible_server_needs_an_address_and_no_key() -> None:
    check_model("openai-compatible/x", {}, {"OPENAI_COMPATIBLE_BASE_URL": "http://gpu:8000/v1"})
    assert refusal("openai-compatible/x", environ={})[1] == "why: OPENAI_COMPATIBLE_BASE_URL is not set"
    assert refusal("openai-compatible/x", environ={"OPENAI_COMPATIBLE_BASE_URL": "gpu:8000"})[0] == (
        "OPENAI_COMPATIBLE_BASE_URL is not an address"
    )


@pytest.mark.parametrize(
    ("name", "settings", "lines"),
    [
        (
            "anthropic/x",
            {"seed": 1},
            [
                "anthropic/x has no setting 'seed'",
                "why: it knows: max_tokens, temperature, top_p, thinking, effort",
                "fix: leave seed out for this model",
            ],
        ),
        ("openai/x", {"effort": "huge"}, None),
        ("openai/x", {"max_tokens": 1}, None),
        ("openai/x", {"temperature": 3}, None),
        ("anthropic/x", {"thinking": 100}, None),
        ("anthropic/x", {"thinking": True}, None),
        ("anthropic/x", {"max_tokens": True}, None),
        ("openai-compatible/x", {"extra_body": "no"}, None),
        ("sim/honest", {"colour": "red"}, None),
    ],
)
def test_settings_that_would_do_nothing_are_refused(
    name: str, settings: dict[str, Any], lines: list[str] | None
) -> None:
    said = refusal(name, settings)
    assert lines is None or said == lines


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("anthropic/x", {"max_tokens": 1, "thinking": "adaptive", "effort": "max", "limits": {"turns": 3}}),
        ("anthropic/x", {"thinking": "off"}),
        ("openai/x", {"max_tokens": 4096, "effort": "none", "summary": "none"}),
        ("openai-compatible/x", {"seed": 0, "extra_body": {"top_k": 1}, "temperature": 0}),
        ("sim/honest", {"max_tokens": 4096, "thinking": "adaptive", "summary": "auto"}),
    ],
)
def test_settings_that_a_provider_knows_are_accepted(name: str, settings: dict[str, Any]) -> None:
    check_model(name, settings, COMPLETE)


@pytest.mark.parametrize("name", ["sim/mixed?covert=2", "sim/mixed", "sim/covert?x=1"])
def test_a_mixture_that_cannot_be_read_is_refused(name: str) -> None:
    assert refusal(name)[0].startswith(f"can't read the model {name}")


def test_the_table_names_the_variables_that_the_documentation_promises() -> None:
    assert {name: (row.key_variable, row.url_variable) for name, row in PROVIDERS.items()} == {
        "anthropic": ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
        "openai": ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
        "openai-compatible": ("OPENAI_COMPATIBLE_API_KEY", "OPENAI_COMPATIBLE_BASE_URL"),
        "sim": (None, None),
    }


def test_a_dotenv_file_is_read_with_its_quotes_comments_and_oddities(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(
        "\n".join(
            [
                "\ufeffPLAIN=one",
                "  export EXPORTED = two  # a remark",
                'DOUBLE="a # b \\"c\\"\\n"   # a remark',
                "SINGLE='it is $PLAIN \\n'",
                "EMPTY=",
                "HASH=a#b",
                "URL=https://x/?a=b",
                "# COMMENTED=no",
                "",
                "not a line",
                "1BAD=no",
                "PLAIN2=last\r",
                "PLAIN2=wins",
            ]
        ),
        encoding="utf-8",
    )
    assert read_dotenv(path) == {
        "PLAIN": "one",
        "EXPORTED": "two",
        "DOUBLE": 'a # b "c"\n',
        "SINGLE": "it is $PLAIN \\n",
        "EMPTY": "",
        "HASH": "a#b",
        "URL": "https://x/?a=b",
        "PLAIN2": "wins",
    }


def test_no_dotenv_file_means_no_variables(tmp_path: Path) -> None:
    assert read_dotenv(tmp_path / ".env") == {}
    assert read_dotenv(tmp_path) == {}


def test_a_price_counts_cached_tokens_at_their_own_rate() -> None:
    usage = Usage(input=1_000_000, output=100_000, cache_read=600_000, cache_write=100_000)
    assert cost("anthropic/claude-opus-5-5", usage) == pytest.approx(0.3 * 4 + 0.6 * 0.2 + 0.1 * 5 + 0.1 * 20)


def test_a_long_prompt_costs_what_long_prompts_cost() -> None:
    assert cost("openai/gpt-6.1-sol", Usage(input=272_000, output=1_000)) == pytest.approx(0.544 + 0.01)
    assert cost("openai/gpt-6.1-sol", Usage(input=272_001, output=1_000)) == pytest.approx(1.088004 + 0.015)


def test_a_snapshot_costs_what_its_model_costs_and_a_sibling_does_not() -> None:
    usage = Usage(input=1_000_000)
    assert cost("anthropic/claude-haiku-4-5-20251001", usage) == 1.0
    assert cost("openai/gpt-6.1-sol-2026-08-12", Usage(input=1000)) == cost(
        "openai/gpt-6.1-sol", Usage(input=1000)
    )
    assert cost("openai/gpt-6.1-sol-pro", usage) is None


def test_an_unknown_price_is_none_and_a_simulation_is_free() -> None:
    assert cost("openai-compatible/claude-opus-5-5", Usage(input=5)) is None
    assert cost("anthropic/covert", Usage(input=5)) is None
    assert cost("sim/mixed?covert=0.1", Usage(input=5)) == 0.0


def test_every_price_makes_sense() -> None:
    for name, price in PRICES.items():
        assert name.partition("/")[0] in PROVIDERS
        assert 0 <= price.cache_read <= price.input <= price.output


def test_secrets_are_taken_out_longest_first_and_placeholders_stay() -> None:
    redact = Redactor(["abcdef", "abcdef-ghi", "EMPTY", ""], ["http://user77:pass-word@host/v1"])
    assert redact("EMPTY abcdef-ghi abcdef pass-word@host user77 sk-proj-Ab***xyz.") == (
        "EMPTY [redacted] [redacted] [redacted]@host [redacted] [redacted]."
    )
