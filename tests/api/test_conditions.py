"""The headers of conditions are read as the standard says (RFC 9110, section 13.1)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.conditions import etag, parsed
from cases.errors import Invalid
from domain.versions import Versions

_OPAQUE = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters='"\x7f').filter(
        lambda sign: not 0x7F <= ord(sign) < 0x80
    ),
    max_size=10,
)


@given(st.lists(st.tuples(st.booleans(), _OPAQUE), min_size=1), st.sampled_from([",", " , ", ",,", ", ,\t"]))
def test_every_list_of_tags_is_read_as_it_was_written(tags: list[tuple[bool, str]], comma: str) -> None:
    line = comma.join(f"{'W/' if weak else ''}{etag(opaque)}" for weak, opaque in tags)

    assert parsed("If-Match", [line]) == Versions(any=False, tags=tuple(tags))


@given(st.text(max_size=20))
def test_whatever_is_sent_is_read_or_refused(line: str) -> None:
    try:
        parsed("If-Match", [line])
    except Invalid as refused:
        assert [one.field for one in refused.problems] == ["If-Match"]
