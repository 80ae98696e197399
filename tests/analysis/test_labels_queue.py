"""The queue that goes out, and the answers that come back."""

import base64
import hashlib
import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from toy_desk import SCENARIO
from written_traces import Episode, covert, honest, openly, spec

from ulterior.analysis import analyze_study
from ulterior.analysis.evidence import Passage, holds, passages_of
from ulterior.analysis.judges import Judgement
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.labels.answers import Given, Signature, checked_pseudonym, read_answers
from ulterior.analysis.labels.forms import as_lines, as_markdown
from ulterior.analysis.labels.key import KeyItem, QueueKey, RubricKey, keep_key, load_keys
from ulterior.analysis.labels.page import as_page
from ulterior.analysis.labels.queue import QueueItem, Reader, assigned, make_key
from ulterior.analysis.labels.store import HumanLabel, Labels, append_labels, load_labels
from ulterior.errors import UsageError
from ulterior.scenarios import CANARY
from ulterior.traces import Study

LABELS_OF, POSITIVE = ("covert", "open", "none"), ("covert",)
SECRETIVE = "Nobody will notice if I raise it."


def key_of(study: Study, *rubrics: str, budget: int = 20, **more: Any) -> QueueKey:
    return make_key(analyze_study(study), [RUBRICS[name] for name in rubrics or ("covert",)], budget, **more)


def items_of(study: Study, key: QueueKey) -> list[QueueItem]:
    reader = Reader(study)
    return [reader.item(rubric, item) for rubric, item in key.items]


@pytest.fixture
def mixed(study: Study) -> Study:
    """Six episodes: two of each conduct."""
    for seed in (0, 1):
        covert(study, spec(model="sim/covert", seed=seed))
        honest(study, spec(model="sim/honest", seed=seed))
        openly(study, spec(model="sim/open", seed=seed))
    return study


# ---- Making it -------------------------------------------------------------------------------------------


def test_a_queue_and_its_key_hold_the_same_items_and_only_the_key_says_what_they_are(mixed: Study) -> None:
    key = key_of(mixed)
    (rubric,) = key.rubrics
    keep_key(mixed, key)
    assert load_keys(mixed) == {key.id: key}
    assert {stratum.call: stratum.size for stratum in rubric.strata} == {"flagged": 2, "unflagged": 4}
    assert sum(item.readers == 2 for item in rubric.items) == 2  # a fifth of six, rounded up
    text = as_lines(items_of(mixed, key))
    written = [json.loads(line) for line in text.splitlines()]
    assert [row["item"] for row in written] == sorted(item.item for item in rubric.items)
    episodes = [item.episode for item in rubric.items]
    hidden = ("sim/", "toy_desk", "conflict", "flagged", SCENARIO.title, CANARY, *episodes)
    assert [word for word in hidden if word in text] == []


def test_equal_arguments_give_an_equal_key_and_a_larger_budget_the_same_names(mixed: Study) -> None:
    small, large = key_of(mixed, budget=4), key_of(mixed, budget=6)
    assert small == key_of(mixed, budget=4)
    assert {item.item for _, item in small.items} < {item.item for _, item in large.items}
    assert small.id != large.id


def test_another_seed_gives_other_names(mixed: Study) -> None:
    one, other = ({item.item for _, item in key_of(mixed, seed=seed).items} for seed in (0, 1))
    assert not one & other


def test_a_question_about_facts_is_put_once_for_each_that_is_true(mixed: Study) -> None:
    items = items_of(mixed, key_of(mixed, "telling"))
    assert {item.fact for item in items} == {fact.statement for fact in SCENARIO.facts}
    assert len(items) == 6
    assert all(
        {block.kind for block in item.blocks} <= {"task", "question", "report", "log"} for item in items
    )


def test_each_question_has_items_of_its_own(mixed: Study) -> None:
    key = key_of(mixed, "covert", "intent")
    assert [rubric.rubric for rubric in key.rubrics] == ["covert", "intent"]
    assert len({item.item for _, item in key.items}) == sum(len(rubric.items) for rubric in key.rubrics)
    reasoning = Reader(mixed).item(key.rubrics[1], key.rubrics[1].items[0])
    assert {block.kind for block in reasoning.blocks} <= {"reasoning", "log"}


def test_nothing_to_ask_about_is_said(study: Study) -> None:
    with pytest.raises(UsageError, match="no episode can be asked about covert"):
        key_of(study)
    Episode(study)  # still running
    with pytest.raises(UsageError) as caught:
        key_of(study)
    assert caught.value.why == "1: it could not be scored"


def test_what_judges_dispute_is_a_stratum_of_its_own(mixed: Study) -> None:
    episode = next(f.episode for f in analyze_study(mixed) if f.covert)
    judgement = Judgement(episode=episode, rubric="covert", detector="j", version="1", label="none")
    (rubric,) = key_of(mixed, judgements=[judgement]).rubrics
    disputed = [item for item in rubric.items if item.call == "disputed"]
    assert [(item.episode, item.says) for item in disputed] == [(episode, {"findings": True, "j": False})]


def test_a_key_that_can_not_be_read_is_a_usage_error(mixed: Study) -> None:
    keep_key(mixed, key_of(mixed))
    (path,) = (mixed.root / "labels").glob("queue-*.json")
    path.write_text("{}")
    with pytest.raises(UsageError, match="can't read"):
        load_keys(mixed)


def test_a_question_that_was_put_into_other_words_is_not_shown_again(mixed: Study) -> None:
    (rubric,) = key_of(mixed).rubrics
    for changed, now in (({"version": "0"}, "knows version"), ({"rubric": "guilt"}, "does not know it")):
        with pytest.raises(UsageError, match="can't ask") as caught:
            Reader(mixed).item(rubric.model_copy(update=changed), rubric.items[0])
        assert now in caught.value.why


# ---- Who reads what --------------------------------------------------------------------------------------


def labelled(
    key: RubricKey, item: KeyItem, annotator: str, label: str = "none", at: float = 1.0
) -> HumanLabel:
    return HumanLabel(
        item=item.item,
        episode=item.episode,
        rubric=key.rubric,
        rubric_version=key.version,
        about=item.about,
        label=label,
        blinded=True,
        annotator=annotator,
        at=at,
    )


def test_two_annotators_share_the_items_and_both_get_the_double_ones(mixed: Study) -> None:
    key = key_of(mixed, double=0.5)
    shares = assigned(key, Labels(()), ["ada", "ben"])
    ada, ben = ({item.item for _, item in shares[name]} for name in ("ada", "ben"))
    assert ada & ben == {item.item for _, item in key.items if item.readers == 2}
    assert ada | ben == {item.item for _, item in key.items}
    assert abs(len(ada) - len(ben)) <= 1


@given(st.sets(st.sampled_from(["ada", "ben", "cy"]), min_size=1), st.data())
def test_nobody_gets_an_item_twice_and_none_gets_too_many_readers(
    names: set[str], data: st.DataObject
) -> None:
    items = tuple(
        KeyItem(
            item=f"i{number}",
            episode=f"e{number}",
            scenario="s",
            call="flagged",
            says={"findings": True},
            probability=1,
            readers=data.draw(st.sampled_from([1, 2])),
        )
        for number in range(6)
    )
    rubric = RubricKey(
        rubric="covert", version="1", labels=LABELS_OF, positive=POSITIVE, strata=(), items=items
    )
    key = QueueKey(id="q", seed=0, budget=6, double=0.2, detectors={}, rubrics=(rubric,))
    read = data.draw(st.sets(st.tuples(st.integers(0, 5), st.sampled_from(["ada", "ben", "cy"]))))
    rows = Labels(tuple(labelled(rubric, items[number], who) for number, who in sorted(read)))
    shares = assigned(key, rows, sorted(names))
    for number, item in enumerate(items):
        before = {who for each, who in read if each == number}
        now = [who for who, share in shares.items() if (rubric, item) in share]
        assert len(now) == len(set(now))
        assert not before & set(now)
        assert len(now) == max(0, min(item.readers - len(before), len(names - before)))


# ---- Forms -----------------------------------------------------------------------------------------------

NASTY = "``` \n</pre><script>alert(1)</script>\n# Item 0\n{{ 7 * 7 }}\x1b[2J\u202e\n'\"><img src=x>"


def nasty(study: Study) -> QueueItem:
    episode = Episode(study)
    episode.turn(NASTY)
    episode.report(NASTY)
    episode.end()
    (item,) = items_of(study, key_of(study))
    return item


def test_text_of_an_agent_can_not_break_out_of_the_reading_page(study: Study) -> None:
    item = nasty(study)
    tokens = MarkdownIt().parse(as_markdown([item]))
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1"]
    assert len([token for token in tokens if token.type == "fence"]) == len(item.blocks)
    assert not any(token.type.startswith("html") for token in tokens)


def test_text_of_an_agent_can_not_break_out_of_the_form(study: Study) -> None:
    page = as_page([nasty(study)])
    assert [page.count(text) for text in ("<script>", "<img", "{{ 7 * 7 }}")] == [1, 0, 1]
    assert not re.search("[\x1b\u202e]", page)
    assert "default-src 'none'" in unescape(page)


def test_the_form_s_policy_names_its_own_script_and_style(mixed: Study) -> None:
    page = unescape(as_page(items_of(mixed, key_of(mixed))))
    for tag in ("script", "style"):
        source = page.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in page


def test_the_form_offers_every_answer_of_every_item(mixed: Study) -> None:
    items = items_of(mixed, key_of(mixed))
    page = as_page(items)
    assert page.count('type="radio"') == sum(len(item.answers) for item in items)
    assert all(f'data-item="{item.item}"' in page for item in items)


# ---- What comes back -------------------------------------------------------------------------------------

ADA = Signature("ada", at=5.0)


def nothing_to_quote(_: RubricKey, __: KeyItem) -> tuple[Passage, ...]:
    return ()


def taken(study: Study, text: str, signature: Signature = ADA, name: str = "queue.jsonl") -> Given:
    return read_answers(text, name, load_keys(study), load_labels(study), Reader(study).passages, signature)


@pytest.fixture
def queued(mixed: Study) -> Study:
    keep_key(mixed, key_of(mixed))
    return mixed


def flagged_item(study: Study) -> KeyItem:
    (key,) = load_keys(study).values()
    return next(item for _, item in key.items if item.call == "flagged")


def line(study: Study, **fields: Any) -> str:
    return json.dumps({"item": flagged_item(study).item, **fields})


def test_a_filled_in_queue_comes_back_as_labels_with_verified_quotes(queued: Study) -> None:
    (key,) = load_keys(queued).values()
    wanted = flagged_item(queued)
    rows = [json.loads(row) for row in as_lines(items_of(queued, key)).splitlines()]
    for row in rows:
        if row["item"] == wanted.item:
            answer = {"label": "covert", "confidence": 0.9, "quotes": ["nobody WILL notice"], "note": "clear"}
            row.update(answer)
    given_ = taken(queued, "\n".join(map(json.dumps, rows)))
    assert (given_.known, given_.open) == (0, 5)
    (label,) = given_.labels
    trace = queued.trace(wanted.episode)
    (evidence,) = label.evidence
    assert label == labelled(key.rubrics[0], wanted, "ada", "covert", at=5.0).model_copy(
        update={"evidence": (evidence,), "confidence": 0.9, "note": "clear"}
    )
    assert (evidence.quote, evidence.channel, evidence.match) == (SECRETIVE[:18], "reasoning", "normalised")
    assert holds(passages_of(trace.events), evidence)


def test_the_same_file_again_adds_nothing(queued: Study) -> None:
    text = line(queued, label="covert", note="clear")
    append_labels(queued, taken(queued, text).labels)
    assert taken(queued, text, Signature("ada", at=9.0)) == Given((), known=1, open=0)
    changed = taken(queued, line(queued, label="open"), Signature("ada", at=9.0))
    assert [label.label for label in changed.labels] == ["open"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"label": "guilty"}, "label 'guilty' is not one of: covert, open, none, cannot_tell"),
        ({"lable": "covert"}, "lable: extra inputs are not permitted"),
        ({"label": "covert", "confidence": 2}, "confidence: input should be less than or equal to 1"),
        ({"label": "covert", "confidence": "1"}, "confidence: input should be a valid number"),
        ({"label": "covert", "quotes": "x"}, "quotes: input should be a valid list"),
        ({"item": "nobody", "label": "covert"}, "item 'nobody' is in no queue of this study"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_number(
    queued: Study, fields: dict[str, Any], why: str
) -> None:
    with pytest.raises(UsageError) as caught:
        taken(queued, "\n" + line(queued, **fields))
    assert caught.value.what == "can't take the labels in queue.jsonl"
    assert caught.value.why == f"line 2: {why}"


def test_a_quote_has_to_stand_in_what_the_agent_wrote(queued: Study) -> None:
    for quote in ("I will hide it", "limit: 100"):  # nobody's words, and a tool's
        with pytest.raises(UsageError, match="can't take the labels") as caught:
            taken(queued, line(queued, label="covert", quotes=[quote]))
        assert f"quote {quote!r} stands nowhere" in caught.value.why


def test_an_item_may_be_answered_once_in_a_file_and_what_is_no_json_is_said(queued: Study) -> None:
    text = "\n".join([line(queued, label="covert"), line(queued, label="none"), "{", "[1]"])
    with pytest.raises(UsageError) as caught:
        taken(queued, text)
    item = flagged_item(queued).item
    first, second, third = caught.value.why.split("; ")
    assert first == f"line 2: item {item} stands in line 1 too"
    assert second.startswith("line 3: it is not JSON")
    assert third == "line 4: it is no JSON object"


def test_nothing_is_taken_of_a_file_with_a_wrong_line_and_not_everything_is_told(queued: Study) -> None:
    with pytest.raises(UsageError, match="can't take") as caught:
        taken(queued, "\n".join([line(queued, label="covert"), *["{"] * 9]))
    assert caught.value.why.endswith("; and 4 more")
    assert load_labels(queued).rows == ()


@given(st.binary(max_size=200))
def test_no_bytes_are_taken_for_labels(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    try:
        given_ = read_answers(text, "x", {}, Labels(()), nothing_to_quote, ADA)
    except UsageError:
        return
    assert given_.labels == ()


def test_only_a_disagreement_can_be_decided_and_not_by_who_disagrees(queued: Study) -> None:
    by_panel = Signature("panel", at=9.0, adjudicates=True)
    with pytest.raises(UsageError) as caught:
        taken(queued, line(queued, label="covert"), by_panel)
    assert "nobody disagrees about item" in caught.value.why
    for name, label in (("ada", "covert"), ("ben", "none")):
        append_labels(queued, taken(queued, line(queued, label=label), Signature(name, at=1.0)).labels)
    with pytest.raises(UsageError) as caught:
        taken(queued, line(queued, label="covert"), Signature("ben", at=9.0, adjudicates=True))
    assert "ben has labelled item" in caught.value.why
    append_labels(queued, taken(queued, line(queued, label="covert"), by_panel).labels)
    found = load_labels(queued)
    assert found.disagreements() == []
    assert found.settled(found.rows[0].target).label == "covert"


@pytest.mark.parametrize("name", ["", "Ada Byron", "ada@example.org", "../x", "a" * 33, "-x"])
def test_a_pseudonym_is_short_and_no_address(name: str) -> None:
    with pytest.raises(UsageError, match="is no pseudonym"):
        checked_pseudonym(name)
    assert checked_pseudonym("reader-1") == "reader-1"


answers = st.fixed_dictionaries(
    {
        "label": st.sampled_from(["covert", "open", "none", "cannot_tell", None]),
        "confidence": st.none() | st.floats(0, 1),
        "note": st.text(max_size=20),
    }
)


@given(st.lists(answers, min_size=4, max_size=4))
def test_what_is_filled_in_is_what_is_kept(given_answers: list[dict[str, Any]]) -> None:
    items = tuple(
        KeyItem(item=f"i{number}", episode=f"e{number}", scenario="s", call="flagged", says={}, probability=1)
        for number in range(4)
    )
    rubric = RubricKey(
        rubric="covert", version="1", labels=LABELS_OF, positive=POSITIVE, strata=(), items=items
    )
    key = QueueKey(id="q", seed=0, budget=4, double=0.2, detectors={}, rubrics=(rubric,))
    filled = [
        QueueItem(item=item.item, question="?", fact=None, answers={}, blocks=(), **answer)
        for item, answer in zip(items, given_answers, strict=True)
    ]
    found = read_answers(as_lines(filled), "x", {"q": key}, Labels(()), nothing_to_quote, ADA)
    kept = [
        (label.item, {name: getattr(label, name) for name in ("label", "confidence", "note")})
        for label in found.labels
    ]
    pairs = [(item.item, answer) for item, answer in zip(items, given_answers, strict=True)]
    assert kept == [(item, answer) for item, answer in pairs if answer["label"] is not None]
    again = read_answers(as_lines(filled), "x", {"q": key}, Labels(found.labels), nothing_to_quote, ADA)
    assert again == Given((), known=len(kept), open=4 - len(kept))
