"""``ulterior label``: people read what detectors judged, and the rates are corrected by what they
say."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ulterior.errors import StorageFailure, UsageError

if TYPE_CHECKING:
    from ulterior.analysis.judges import Rubric
    from ulterior.analysis.labels.answers import Signature
    from ulterior.analysis.labels.key import QueueKey
    from ulterior.analysis.labels.queue import QueueItem
    from ulterior.traces import Study

__all__ = ["label"]

_LEAST_DOUBLE = 0.2
"""With fewer double items agreement is a guess."""

_FORMS = (".jsonl", ".md", ".html")
_study = click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
_file = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.group()
def label() -> None:
    """Human labels: a blinded queue to read, what people say, how far they agree, what it does to the
    rates.

    \b
    ulterior label export DIR -o queue.jsonl --rubric covert --budget 100
    ulterior label import DIR queue.jsonl --annotator reader-1
    ulterior label status DIR
    """


@label.command("export")
@_study
@click.option(
    "--output",
    "-o",
    "output",
    required=True,
    type=click.Path(path_type=Path),
    help="QUEUE.jsonl, .md or .html.",
)
@click.option(
    "--rubric", "rubrics", multiple=True, help="Which question; may be repeated.  [default: covert]"
)
@click.option(
    "--budget", type=click.IntRange(min=1), default=100, show_default=True, help="Items for each question."
)
@click.option(
    "--double",
    type=click.FloatRange(_LEAST_DOUBLE, 1),
    default=_LEAST_DOUBLE,
    show_default=True,
    help="Share of the items that two people read.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another sample.")
@click.option(
    "--annotator", "annotators", multiple=True, help="A file for each of these pseudonyms; may be repeated."
)
@click.option(
    "--disagreements", is_flag=True, help="Instead: what annotators disagree about, to be adjudicated."
)
def export(
    study: Path,
    output: Path,
    rubrics: tuple[str, ...],
    budget: int,
    double: float,
    seed: int,
    annotators: tuple[str, ...],
    disagreements: bool,
) -> None:
    """Write what people are to read: a stratified sample, half of it of what detectors flag or dispute.

    Nothing in it says which scenario, condition or model an item is about; that stays in DIR/labels.
    What has been read often enough is left out, so the same command again gives what is still open."""
    from ulterior.analysis.labels.answers import checked_pseudonym
    from ulterior.traces import Study

    if output.suffix not in _FORMS:
        raise UsageError(f"can't write {output}", f"it is none of {', '.join(_FORMS)}", "-o queue.jsonl")
    opened = Study.open(study)
    if disagreements:
        _write(output, _disputed(opened))
        return
    names = [checked_pseudonym(name) for name in dict.fromkeys(annotators)]
    key = _drawn(opened, _rubrics(rubrics), budget, double, seed)
    for name, items in _shares(opened, key, names or ["anyone"]).items():
        _write(output.with_stem(f"{output.stem}-{name}") if names else output, items)
    double_items = sum(item.readers == 2 for _, item in key.items)
    click.echo(
        f"queue {key.id}: {sum(1 for _ in key.items)} items, {double_items} of them for two readers; "
        f"its key stays in {opened.root / 'labels'}",
        err=True,
    )


def _drawn(study: "Study", rubrics: "Sequence[Rubric]", budget: int, double: float, seed: int) -> "QueueKey":
    """A new queue, or the same again, with its key in the study."""
    from ulterior.analysis import analyze_study
    from ulterior.analysis.judges.store import load_judgements
    from ulterior.analysis.labels.key import keep_key
    from ulterior.analysis.labels.queue import make_key

    judgements = load_judgements(study)
    key = make_key(analyze_study(study), rubrics, budget, double=double, seed=seed, judgements=judgements)
    keep_key(study, key)
    return key


def _shares(study: "Study", key: "QueueKey", names: Sequence[str]) -> "dict[str, list[QueueItem]]":
    from ulterior.analysis.labels.queue import Reader, assigned
    from ulterior.analysis.labels.store import load_labels

    reader = Reader(study)
    shares = assigned(key, load_labels(study), names)
    return {name: [reader.item(rubric, item) for rubric, item in share] for name, share in shares.items()}


def _disputed(study: "Study") -> "list[QueueItem]":
    """What annotators disagree about in any queue of the study."""
    from ulterior.analysis.labels.queue import Reader
    from ulterior.analysis.labels.store import load_labels

    labels, reader = load_labels(study), Reader(study)
    places = {
        rubric.target(item): (rubric, item) for key in _keys(study).values() for rubric, item in key.items
    }
    wanted = [target for target in labels.disagreements() if target in places]
    return [reader.item(*places[target], labels.blinded(target).values()) for target in wanted]


def _rubrics(names: Sequence[str]) -> "list[Rubric]":
    from ulterior.analysis.judges.rubrics import RUBRICS

    for name in names:
        if name not in RUBRICS:
            raise UsageError(f"there is no rubric {name!r}", fix=f"one of: {', '.join(RUBRICS)}")
    return [RUBRICS[name] for name in dict.fromkeys(names or ("covert",))]


def _write(path: Path, items: "Sequence[QueueItem]") -> None:
    from ulterior.analysis.labels.forms import as_lines, as_markdown
    from ulterior.analysis.labels.page import as_page

    write = {".jsonl": as_lines, ".md": as_markdown, ".html": as_page}[path.suffix]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write(items), encoding="utf-8")
    except OSError as error:
        raise StorageFailure(
            f"can't write {path}", error.strerror or str(error), "choose another file with -o"
        ) from error
    click.echo(f"wrote {path}: {len(items)} items", err=True)


@label.command("import")
@_study
@_file
@click.option("--annotator", required=True, help="The pseudonym of whoever read.")
@click.option(
    "--unblinded", is_flag=True, help="They had seen conditions or verdicts: kept, and counted nowhere."
)
def import_(study: Path, file: Path, annotator: str, unblinded: bool) -> None:
    """Take in the labels of one annotator: all of them, or none if anything is wrong with the file.

    Nothing is overwritten: a label that differs from an earlier one of the same annotator is kept beside
    it, and the latest counts."""
    from ulterior.analysis.labels.answers import Signature, checked_pseudonym

    _take(study, file, Signature(checked_pseudonym(annotator), time.time(), blinded=not unblinded))


@label.command("adjudicate")
@_study
@_file
@click.option("--by", required=True, help="The pseudonym of whoever decides; not of one who has labelled.")
def adjudicate(study: Path, file: Path, by: str) -> None:
    """Take in decisions about what annotators disagree about (`label export --disagreements` lists
    it)."""
    from ulterior.analysis.labels.answers import Signature, checked_pseudonym

    _take(study, file, Signature(checked_pseudonym(by), time.time(), adjudicates=True))


def _take(study: Path, file: Path, signature: "Signature") -> None:
    from ulterior.analysis.labels.answers import read_answers
    from ulterior.analysis.labels.queue import Reader
    from ulterior.analysis.labels.store import append_labels, load_labels
    from ulterior.traces import Study

    opened = Study.open(study)
    keys, labels = _keys(opened), load_labels(opened)
    given = read_answers(_text(file), file.name, keys, labels, Reader(opened).passages, signature)
    append_labels(opened, given.labels)
    what = "decisions" if signature.adjudicates else "labels"
    click.echo(
        f"{len(given.labels)} new {what} of {signature.annotator}, {given.known} known before, "
        f"{given.open} items without an answer"
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"can't read {file}", str(error), "give the file of JSON lines that was filled in"
        ) from error


def _keys(study: "Study") -> "Mapping[str, QueueKey]":
    from ulterior.analysis.labels.key import load_keys

    keys = load_keys(study)
    if not keys:
        why = "no queue was ever made of it"
        raise UsageError(
            f"{study.root} has nothing to label", why, f"ulterior label export {study.root} -o queue.jsonl"
        )
    return keys


@label.command("status")
@_study
@click.option("--queue", help="Only this queue, by the beginning of its id.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line and queue.")
def status(study: Path, queue: str | None, as_json: bool) -> None:
    """Say how much is read, how far people agree, what they disagree about, and what it does to the
    rates."""
    from ulterior.analysis.labels.status import label_status
    from ulterior.analysis.labels.store import load_labels
    from ulterior.cli.label_text import status_text
    from ulterior.traces import Study

    opened = Study.open(study)
    keys = {name: key for name, key in _keys(opened).items() if name.startswith(queue or "")}
    if not keys:
        raise UsageError(f"no queue begins with {queue!r}", fix=f"one of: {', '.join(_keys(opened))}")
    labels = load_labels(opened)
    for key in keys.values():
        found = label_status(key, labels)
        click.echo(json.dumps(found.model_dump(mode="json")) if as_json else status_text(found))
