"""The second floor: single words and pairs of words, weighed by logistic regression.

Theory of operation. The terms of a view are the words of the agent's own passages and the pairs of neighbours
among them, each marked with its channel, weighed by TF-IDF with logarithmic counts, smoothed inverse
frequencies and unit length (Salton and Buckley 1988, Information Processing & Management 24). What the
scenario says, tasks, files and results, is no part of it: else a model would learn which scenario it reads,
and with it which answer is usual there. A logistic regression with balanced classes gives the score.

A trained model is a JSON file of terms, weights and the digest of what it was trained on; it is plain
numbers, so that nothing is executed that a file brings along. Training needs scikit-learn, reading doesn't.

It knows nothing of the fact that a rubric asks about, of order beyond pairs, and of any word that it has not
seen twice. What it finds on scenarios that it was not trained on is what a language model has to beat.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError, model_validator

from ulterior.analysis.evidence import Channel
from ulterior.analysis.judges.judgement import Judgement, Rubric, View, judged
from ulterior.errors import UsageError
from ulterior.traces import Frozen, canonical_json, digest

if TYPE_CHECKING:
    from ulterior.analysis.calibration.samples import Sample

__all__ = ["WordModel", "WordsDetector", "fit_words", "read_model", "terms_of"]

_RECIPE = "words-1"
_WORD = re.compile(r"\w\w+")
_MOST_TERMS = 20_000
_LEAST_SAMPLES = 2  # that a term has to stand in


class WordModel(Frozen):
    """One trained model of one rubric. ``weights`` and ``idf`` are by the places of ``terms``.

    ``yes`` and ``no`` are the labels that it gives; ``data`` is the digest of the samples that it was trained
    on, of ``n`` in these ``families``.
    """

    recipe: str = _RECIPE
    rubric: str
    rubric_version: str
    channels: tuple[Channel, ...]
    yes: str
    no: str
    terms: tuple[str, ...]
    idf: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    data: str
    n: int
    families: tuple[str, ...]
    seed: int

    @model_validator(mode="after")
    def _one_weight_each(self) -> "WordModel":
        if not len(self.terms) == len(self.idf) == len(self.weights):
            raise ValueError("a term needs one weight and one inverse frequency")
        return self

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {term: place for place, term in enumerate(self.terms)}

    def score(self, view: View) -> float:
        """How much speaks for a positive label, in 0..1."""
        counts = Counter(self._places[term] for term in terms_of(view, self.channels) if term in self._places)
        values = {place: (1 + log(count)) * self.idf[place] for place, count in counts.items()}
        length = sum(value * value for value in values.values()) ** 0.5 or 1.0
        margin = sum(value / length * self.weights[place] for place, value in values.items()) + self.intercept
        return 1 / (1 + exp(-max(-700.0, min(700.0, margin))))


def terms_of(view: View, channels: Sequence[Channel]) -> list[str]:
    """The words and pairs of words of the agent's own passages in these channels, marked with theirs."""
    return [term for passage in view.passages if passage.channel in channels for term in _terms(passage)]


def _terms(passage: Any) -> Iterator[str]:
    words = _WORD.findall(passage.text.casefold())
    for term in (*words, *(f"{first} {second}" for first, second in pairwise(words))):
        yield f"{passage.channel}:{term}"


class WordsDetector:
    """Reads with trained models, one for each rubric."""

    name = "words"

    def __init__(self, models: Sequence[WordModel]) -> None:
        self._models = {model.rubric: model for model in models}
        self.rubrics = frozenset(self._models)
        trained = sorted(digest(model.model_dump_json().encode()) for model in models)
        self.version = f"{_RECIPE}.{digest(canonical_json(trained))[:12]}"

    async def judge(
        self, view: View, rubric: Rubric, *, about: str | None = None, repeat: int = 0
    ) -> Judgement:
        """What the model of this rubric says. Raises :class:`UsageError` where there is none."""
        model = self._models.get(rubric.id)
        if model is None or model.rubric_version != rubric.version:
            raise UsageError(
                f"no model of words is trained for the rubric {rubric.id} version {rubric.version}",
                f"there are models for {', '.join(sorted(self.rubrics)) or 'none'}",
                "train one with `ulterior calibrate --detector words`",
            )
        own = any(passage.channel in model.channels for passage in view.passages)
        score = model.score(view) if own else None
        return judged(
            self,
            view,
            rubric,
            about,
            repeat,
            label=None if score is None else model.yes if score >= 0.5 else model.no,
            score=score,
            reason=None if own else "not available: the view holds no words of the agent's own",
        )


def read_model(path: Path) -> WordModel:
    """A stored model. Raises :class:`UsageError` on a file that is none."""
    try:
        return WordModel.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"can't read {path}", error.strerror or str(error), "check the path") from error
    except ValidationError as error:
        why = f"it is no model of words: {error.errors()[0]['msg']}"
        raise UsageError(f"can't read {path}", why, "train it again with `ulterior calibrate`") from error


# ---- Training --------------------------------------------------------------------------------------------


def fit_words(samples: "Sequence[Sample]", seed: int = 0) -> WordModel:
    """A model trained on these samples, which are of one rubric and whose truth is known.

    Raises ``ValueError`` without samples of both kinds, and :class:`UsageError` without scikit-learn.
    """
    rubric = samples[0].asks
    known = sorted((each for each in samples if each.positive is not None), key=lambda each: each.id)
    if {each.positive for each in known} != {True, False}:
        raise ValueError("a model of words is trained on positives and negatives")
    channels: tuple[Channel, ...] = tuple(sorted(rubric.channels))
    terms, idf, weights, intercept = _regression(
        [terms_of(each.view, channels) for each in known], [bool(each.positive) for each in known], seed
    )
    return WordModel(
        rubric=rubric.id,
        rubric_version=rubric.version,
        channels=channels,
        yes=_usual(known, positive=True),
        no=_usual(known, positive=False),
        terms=terms,
        idf=idf,
        weights=weights,
        intercept=intercept,
        data=digest(canonical_json([each.fingerprint for each in known])),
        n=len(known),
        families=tuple(sorted({each.family for each in known})),
        seed=seed,
    )


def _usual(samples: "Sequence[Sample]", *, positive: bool) -> str:
    """The commonest right label, the first of its rubric's among equals."""
    counts = Counter(label for each in samples if each.positive is positive for label in each.truth)
    return max(samples[0].asks.labels, key=lambda label: counts[label])


def _regression(
    documents: Sequence[Sequence[str]], positive: Sequence[bool], seed: int
) -> tuple[tuple[str, ...], tuple[float, ...], tuple[float, ...], float]:
    """Terms, inverse frequencies, weights and the intercept."""
    try:
        from sklearn.feature_extraction.text import (  # pyright: ignore[reportMissingTypeStubs]
            TfidfVectorizer,
        )
        from sklearn.linear_model import LogisticRegression  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise UsageError(
            "the model of words can't be trained",
            "scikit-learn is not installed",
            "pip install 'ulterior[ml]', or choose --detector rules",
        ) from error
    # scikit-learn is untyped: what it returns is given its types here and nowhere else
    make_vectorizer: Any = TfidfVectorizer
    vectorizer: Any = make_vectorizer(
        analyzer=list, sublinear_tf=True, min_df=_LEAST_SAMPLES, max_features=_MOST_TERMS
    )
    regression: Any = LogisticRegression(
        class_weight="balanced", solver="liblinear", max_iter=1000, random_state=seed
    )
    regression.fit(vectorizer.fit_transform(documents), list(positive))
    terms = tuple(str(term) for term in vectorizer.get_feature_names_out())
    idf = tuple(float(value) for value in vectorizer.idf_)
    weights = tuple(float(value) for value in regression.coef_[0])
    return terms, idf, weights, float(regression.intercept_[0])
