"""Models by name: ``PROVIDER/NAME`` to something that can be asked.

A provider is a row of :data:`PROVIDERS`. Nothing is connected and no SDK is loaded before the first turn
is sampled, so that a dry run can check a whole study's models without either.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ulterior.agent_runtime.models.anthropic_messages import AnthropicMessages
from ulterior.agent_runtime.models.lane import Lane, LaneLimits, Sleep
from ulterior.agent_runtime.models.openai_chat import OpenAIChat
from ulterior.agent_runtime.models.openai_responses import OpenAIResponses
from ulterior.agent_runtime.models.protocol import Model
from ulterior.agent_runtime.models.redact import Redactor
from ulterior.agent_runtime.models.remote import Adapter, Endpoint, RemoteModel
from ulterior.agent_runtime.models.settings import (
    ANTHROPIC_SETTINGS,
    COMPATIBLE_SETTINGS,
    OPENAI_SETTINGS,
    Setting,
    check_settings,
)
from ulterior.agent_runtime.models.sim import SimModel
from ulterior.clock import Clock, SystemClock
from ulterior.errors import UsageError
from ulterior.scenarios import AnyScenario, load_scenario, parse_simulated

__all__ = ["PROVIDERS", "Provider", "check_model", "open_model"]


@dataclass(frozen=True)
class Provider:
    """One provider: the prefix of its models' names and what it needs from the environment.

    ``default_key`` is sent when the key variable is not set; None means that a key is needed.
    ``default_url`` None means that the base URL variable must be set. A provider without an ``adapter``
    runs in this process.
    """

    prefix: str
    about: str
    settings: Mapping[str, Setting]
    adapter: Callable[[Endpoint, LaneLimits, Callable[[], float]], Adapter] | None = None
    key_variable: str | None = None
    url_variable: str | None = None
    default_key: str | None = None
    default_url: str | None = None


PROVIDERS: Mapping[str, Provider] = {
    provider.prefix: provider
    for provider in (
        Provider(
            prefix="anthropic",
            about="Anthropic's Messages API",
            settings=ANTHROPIC_SETTINGS,
            adapter=AnthropicMessages,
            key_variable="ANTHROPIC_API_KEY",
            url_variable="ANTHROPIC_BASE_URL",
            default_url="https://api.anthropic.com",
        ),
        Provider(
            prefix="openai",
            about="OpenAI's Responses API",
            settings=OPENAI_SETTINGS,
            adapter=OpenAIResponses,
            key_variable="OPENAI_API_KEY",
            url_variable="OPENAI_BASE_URL",
            default_url="https://api.openai.com/v1",
        ),
        Provider(
            prefix="openai-compatible",
            about="Chat Completions of any server: vLLM, llama.cpp, OpenRouter",
            settings=COMPATIBLE_SETTINGS,
            adapter=OpenAIChat,
            key_variable="OPENAI_COMPATIBLE_API_KEY",
            url_variable="OPENAI_COMPATIBLE_BASE_URL",
            default_key="EMPTY",
        ),
        Provider(
            prefix="sim",
            about="planted agents of the scenarios, in process, free",
            # Settings have no effect on them, but a study gives the same ones to all of its models.
            settings={**ANTHROPIC_SETTINGS, **OPENAI_SETTINGS, **COMPATIBLE_SETTINGS},
        ),
    )
}


def check_model(name: str, settings: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    """Raise :class:`UsageError` when :func:`open_model` would. Opens no connection and loads no SDK."""
    provider, model = _provider(name)
    check_settings(name, provider.settings, settings)
    if provider.adapter is None:
        parse_simulated(model)
    else:
        _endpoint(name, provider, model, environ)


def open_model(
    name: str,
    settings: Mapping[str, Any],
    environ: Mapping[str, str],
    clock: Clock | None = None,
    limits: LaneLimits | None = None,
    *,
    sleep: Sleep = asyncio.sleep,
    dice: random.Random | None = None,
    find: Callable[[str], AnyScenario] = load_scenario,
) -> Model:
    """The model of this name, with a lane of its own.

    ``settings`` are only checked: they travel with each request. ``find`` loads the scenario of an
    episode for simulated models. Raises :class:`UsageError` on an unknown provider, a missing key or base
    URL, and settings that the provider doesn't know.
    """
    check_model(name, settings, environ)
    provider, model = _provider(name)
    if provider.adapter is None:
        return SimModel(name, find)
    clock, limits = clock or SystemClock(), limits or LaneLimits()
    endpoint = _endpoint(name, provider, model, environ)
    redact = Redactor(_keys(environ), [endpoint.base_url])
    lane = Lane(name, limits, clock, sleep, dice or random.Random(), redact)
    return RemoteModel(name, provider.adapter(endpoint, limits, clock.now), lane, redact)


def _provider(name: str) -> tuple[Provider, str]:
    prefix, _, model = name.partition("/")
    if prefix not in PROVIDERS or not model:
        forms = ", ".join(f"{known}/NAME" for known in PROVIDERS)
        raise UsageError(f"unknown model {name!r}", "its name must begin with a provider", f"one of: {forms}")
    return PROVIDERS[prefix], model


def _endpoint(name: str, provider: Provider, model: str, environ: Mapping[str, str]) -> Endpoint:
    """Where the model is. Never says the value of a key, only the name of its variable."""
    key = environ.get(provider.key_variable or "") or provider.default_key
    if not key:
        raise UsageError(
            f"{name} needs a key",
            f"{provider.key_variable} is not set",
            f"export {provider.key_variable}, write it into .env, or use a sim/ model",
        )
    url = environ.get(provider.url_variable or "") or provider.default_url
    if not url:
        raise UsageError(
            f"{name} needs the address of its server",
            f"{provider.url_variable} is not set",
            f"set it to the server's base URL, such as {provider.url_variable}=http://127.0.0.1:8000/v1",
        )
    if urlsplit(url).scheme not in ("http", "https"):
        raise UsageError(
            f"{provider.url_variable} is not an address",
            "it must begin with http:// or https://",
            f"set it to something like {provider.url_variable}=http://127.0.0.1:8000/v1",
        )
    return Endpoint(model, url, key)


def _keys(environ: Mapping[str, str]) -> list[str]:
    """Every key in the environment: an error of one provider may quote another's."""
    names = [provider.key_variable for provider in PROVIDERS.values() if provider.key_variable]
    return [environ[name] for name in names if environ.get(name)]
