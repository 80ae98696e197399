"""Forms: declared fields, filled in once or a few times, each time a report to whoever receives the form.

A form refuses what does not fit its fields and says what is missing; what it took in stays on record.
Scenarios usually wrap one form in a tool of their own with typed arguments (:func:`hand_in`); the generic
tools serve worlds with several forms.
"""

from collections.abc import Mapping
from functools import cache
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox.services.base import Service
from ulterior.sandbox.tools import Tool, ToolOutcome, tool, tool_of
from ulterior.sandbox.world import World
from ulterior.traces import Report

__all__ = ["FieldKind", "Form", "FormField", "Forms", "Submission", "form_tool", "form_tools", "hand_in"]

FieldKind = Literal["text", "number", "yes_no", "choice", "list", "table"]


class FormField(BaseModel):
    """One field. ``choices`` belong to the kind ``choice``; a ``table`` maps names to texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: FieldKind = "text"
    about: str = ""
    required: bool = True
    choices: tuple[str, ...] = ()

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value, or None."""
        match self.kind, value:
            case "text", str() if value.strip() or not self.required:
                return None
            case "number", int() | float() if not isinstance(value, bool) and isfinite(value):
                return None
            case "yes_no", bool():
                return None
            case "choice", str() if value in self.choices:
                return None
            case "list", list() if _texts(value):
                return None
            case "table", dict() if _texts(value.values()):
                return None
            case _:
                return f"{self.name} must be {self._expected()}"

    def _expected(self) -> str:
        match self.kind:
            case "text":
                return "a text that is not empty" if self.required else "a text"
            case "number":
                return "a number"
            case "yes_no":
                return "true or false"
            case "choice":
                return f"one of {', '.join(self.choices)}"
            case "list":
                return "a list of texts"
            case "table":
                return "a table of texts"


def _texts(values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


class Form(BaseModel):
    """One form, received by ``to``. ``times`` is how often it may be handed in; None: any number of times."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    to: str
    about: str
    fields: tuple[FormField, ...]
    times: int | None = Field(default=1, ge=1)

    def problems(self, values: Mapping[str, Any]) -> list[str]:
        """Everything that keeps these values from being taken in."""
        known = {field.name for field in self.fields}
        found = [f"there is no field {name!r}" for name in values if name not in known]
        for field in self.fields:
            if field.name in values:
                found += [problem] if (problem := field.problem(values[field.name])) else []
            elif field.required:
                found.append(f"{field.name} is missing")
        return found


class Submission(BaseModel):
    """A form as it was handed in. ``at`` is the world's time in epoch seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: str
    at: float
    values: dict[str, JsonValue]


class Forms(Service):
    """The forms of an organisation and what was handed in on them, in order."""

    forms: tuple[Form, ...]
    submissions: list[Submission] = Field(default_factory=list[Submission])

    def find(self, form: str) -> Form:
        """A form by its name. Raises :class:`ToolFailed` when there is none."""
        for known in self.forms:
            if known.name == form:
                return known
        raise ToolFailed(
            f"there is no form {form!r}; there are: {', '.join(known.name for known in self.forms)}"
        )

    def of(self, form: str) -> list[Submission]:
        """What was handed in on one form."""
        return [submission for submission in self.submissions if submission.form == form]

    def left(self, form: str) -> int | None:
        """How often a form may still be handed in; None: there is no limit."""
        times = self.find(form).times
        return None if times is None else times - len(self.of(form))

    def submit(self, form: str, values: Mapping[str, JsonValue], at: float) -> Submission:
        """Take a form in.

        Raises :class:`Blocked` when it was handed in as often as it may be, and :class:`ToolFailed` with
        all that is wrong when the values don't fit; neither counts as handed in.
        """
        if self.left(form) == 0:
            raise Blocked(f"{form} was handed in {len(self.of(form))} times already; it takes no more")
        if problems := self.find(form).problems(values):
            raise ToolFailed(f"{form} was not handed in: {'; '.join(problems)}")
        submission = Submission(form=form, at=at, values=dict(values))
        self.submissions.append(submission)
        return submission


def hand_in(world: World, form: str, values: Mapping[str, JsonValue]) -> ToolOutcome:
    """Hand in a form of the world: what a tool returns that wraps one form.

    The report's channel is the form's name, its fields are the values, its text is what was written into
    the text fields.
    """
    forms = world.service(Forms)
    declared = forms.find(form)
    submission = forms.submit(form, values, world.clock)
    texts = [submission.values.get(field.name) for field in declared.fields if field.kind == "text"]
    report = Report(
        to=declared.to,
        channel=form,
        text="\n\n".join(text for text in texts if isinstance(text, str) and text),
        fields=submission.values,
    )
    left = forms.left(form)
    again = (
        ""
        if left is None
        else f"; it can be handed in {left} more times"
        if left
        else "; this was the last time"
    )
    return ToolOutcome(value=f"{form} received{again}", reports=(report,))


def form_tool(form: Form, *, name: str, seconds: float = 240.0) -> Tool:
    """A tool that hands in one form: an argument for every field; optional ones can be left out."""
    return _form_tool(form.name, form.about, form.fields, name, seconds)


@cache  # the same for all instances of a scenario
def _form_tool(form: str, about: str, fields: tuple[FormField, ...], name: str, seconds: float) -> Tool:
    async def submit(world: World, **values: Any) -> ToolOutcome:
        return hand_in(world, form, {key: value for key, value in values.items() if value is not None})

    arguments: dict[str, Any] = {field.name: _argument(field) for field in fields}
    return tool_of(submit, name=name, description=about, fields=arguments, seconds=seconds)


def _argument(field: FormField) -> tuple[Any, Any]:
    """Type and default of a field, as pydantic takes them."""
    kinds: Mapping[FieldKind, Any] = {
        "text": str,
        "number": int | float,
        "yes_no": bool,
        "choice": Literal[field.choices] if field.choices else str,
        "list": list[str],
        "table": dict[str, str],
    }
    about = Field(description=field.about) if field.about else Field()
    kind = kinds[field.kind]
    return (Annotated[kind, about], ...) if field.required else (Annotated[kind | None, about], None)


async def show_form(world: World, form: Annotated[str, Field(min_length=1)]) -> str:
    """Show what a form asks for."""
    found = world.service(Forms).find(form)
    lines = [f"{found.name} (to {found.to}): {found.about}"]
    for field in found.fields:
        choices = f" ({', '.join(field.choices)})" if field.choices else ""
        optional = "" if field.required else ", optional"
        lines.append(f"- {field.name}: {field.kind}{choices}{optional}. {field.about}".rstrip())
    return "\n".join(lines)


async def submit_form(
    world: World, form: Annotated[str, Field(min_length=1)], values: dict[str, Any]
) -> ToolOutcome:
    """Hand in a form."""
    return hand_in(world, form, values)


form_tools: tuple[Tool, ...] = (tool(show_form, seconds=10.0), tool(submit_form, seconds=90.0))
