"""Tables of findings on disk: whatever is torn or foreign in them costs nothing but itself."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from ulterior.analysis.remarks import RemarksRow
from ulterior.analysis.table import FindingsTable, Key

TORN = (
    b'{"key":["',
    b"\x00\xff\n",
    b"{}\n",
    b'{"key":3,"row":{}}\n',
    b"null\n",
    b'{"key":["a","b","c","d"],"row":',
)


def table(root: Path) -> FindingsTable[RemarksRow]:
    return FindingsTable(root, "intent", "1", RemarksRow)


def key(number: int) -> Key:
    return Key(f"episode {number}", "head", "hash", "12.34")


def row(text: str) -> RemarksRow:
    return RemarksRow(episode="e", version="1", label="none", reason=text)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.tuples(st.integers(0, 4), st.text(max_size=20), st.booleans()), st.sampled_from(TORN)),
        max_size=12,
    )
)
def test_the_last_row_of_a_key_is_found_by_those_who_wrote_it_and_by_those_who_come_later(
    steps: list[tuple[int, str, bool] | bytes],
) -> None:
    with TemporaryDirectory() as folder:
        _fill_and_read(Path(folder), steps)


def _fill_and_read(root: Path, steps: list[tuple[int, str, bool] | bytes]) -> None:
    writer, expected = table(root), dict[int, str]()
    for step in steps:
        if isinstance(step, bytes):  # another process was killed while it wrote
            (root / "findings").mkdir(exist_ok=True)
            with writer.path.open("ab") as file:
                file.write(step)
            writer = table(root)
            continue
        number, text, anew = step
        writer = table(root) if anew else writer
        writer.put(key(number), row(text))
        expected[number] = text
        assert writer.get(key(number)) == row(text)
    later = table(root)
    found = {number: got.reason for number in range(5) if (got := later.get(key(number)))}
    assert found == expected


def test_a_row_that_this_version_can_not_read_is_none(tmp_path: Path) -> None:
    writer = table(tmp_path)
    writer.put(key(1), row("good"))
    line = writer.path.read_bytes()
    writer.path.write_bytes(line.replace(b'"label"', b'"lable"'))
    assert key(1) in table(tmp_path)
    assert table(tmp_path).get(key(1)) is None


def test_a_table_that_was_replaced_meanwhile_gives_no_other_key_s_row(tmp_path: Path) -> None:
    reader, writer = table(tmp_path), table(tmp_path)
    writer.put(key(1), row("one"))
    reader = table(tmp_path)
    writer.path.unlink()
    writer.put(key(2), row("two"))
    assert reader.get(key(1)) is None
    writer.path.unlink()
    assert reader.get(key(1)) is None


def test_two_writers_find_their_own_rows(tmp_path: Path) -> None:
    first, second = table(tmp_path), table(tmp_path)
    for number in range(4):
        (first if number % 2 else second).put(key(number), row(str(number)))
    assert [first.get(key(number)) for number in (1, 3)] == [row("1"), row("3")]
    assert [second.get(key(number)) for number in (0, 2)] == [row("0"), row("2")]
