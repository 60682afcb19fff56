"""Rows of the library: as much of the candidates as is asked for."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tempo.stored import leading

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6), st.integers(1, 8))
def test_the_first_candidates_are_read_alone(candidates: list[tuple[float, float]], n: int) -> None:
    """Whatever the numbers, what is left is JSON of the first of them."""
    text = json.dumps(candidates)
    assert json.loads(leading(text, n)) == [list(each) for each in candidates[:n]]
