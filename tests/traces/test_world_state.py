"""The world by value: contents keep their bytes, and copies don't move together."""

from hypothesis import given
from hypothesis import strategies as st
from recorded import SETUP, blobs_of, file_change

from ulterior.traces import Entry, FileChange, WorldChange, WorldState, blob_of, bytes_of, digest


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_a_content_survives_being_stored(data: bytes) -> None:
    assert bytes_of(blob_of(data)) == data


def test_text_is_stored_as_text_and_the_rest_as_base64() -> None:
    assert blob_of("Grüße\r\n\0".encode()).encoding == "text"
    assert blob_of(b"\xff\xfe").encoding == "base64"


def after(*changes: WorldChange) -> WorldState:
    state = WorldState()
    for change in changes:
        state.apply(change)
    return state


def test_files_folders_links_and_services_are_folded() -> None:
    link = FileChange(path="/w/l", before=None, after=Entry(type="link", digest=digest(b"a"), mode=0o777))
    gone = WorldChange(
        cause="c", files=(file_change("/w/a", b"version 0\n", None), link), blobs=blobs_of("a"), clock=9.0
    )
    state = after(SETUP, gone)
    assert sorted(state.files) == ["/w", "/w/l"]
    assert (state.read("/w/a"), state.read("/w"), state.read("/w/l"), state.clock) == (None, None, None, 9.0)
    assert (list(after(SETUP).regular_files()), list(state.regular_files())) == (
        [("/w/a", b"version 0\n")],
        [],
    )
    assert state.services == {"mail": {"inbox": []}}


def test_a_content_seen_before_needs_no_second_copy() -> None:
    again = WorldChange(cause="c", files=(file_change("/w/b", None, b"version 0\n"),), clock=2.0)
    assert after(SETUP, again).read("/w/b") == b"version 0\n"


def test_a_copy_moves_alone() -> None:
    state = after(SETUP)
    copy = state.copy()
    assert copy == state
    copy.apply(WorldChange(cause="c", files=(file_change("/w/a", b"version 0\n", None),), clock=5.0))
    copy.services["mail"]["inbox"].append(1)
    assert (state, state.read("/w/a")) == (after(SETUP), b"version 0\n")
