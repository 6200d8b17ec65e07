"""The choice of a learning rate: most solved, then fastest, then the best score, then the smaller rate."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn.tuning import best_rate


def run(rate, value=1.0, *, solved=None, steps=100, status="ok"):
    return SimpleNamespace(learning_rate=rate, valid_value=value, solved=solved, steps=steps, status=status)


def test_lowest_median_score_where_there_is_no_criterion():
    """The mean of .1, .1 and 9 is the larger one, its median the smaller."""
    grid = [run(1e-3, v) for v in (0.2, 0.2, 0.2)] + [run(1e-2, v) for v in (0.1, 0.1, 9.0)]
    assert best_rate(grid) == 1e-2


def test_most_solved_comes_first_whatever_the_scores():
    grid = [run(1e-3, 0.001, solved=True), run(1e-3, 0.5, solved=False)]
    grid += [run(1e-2, 0.009, solved=True), run(1e-2, 0.009, solved=True, steps=900)]
    assert best_rate(grid) == 1e-2


def test_fastest_of_those_that_solve_equally_often():
    grid = [run(1e-3, 0.001, solved=True, steps=500), run(1e-2, 0.009, solved=True, steps=200)]
    assert best_rate(grid) == 1e-2


def test_score_decides_where_nothing_is_solved():
    assert best_rate([run(1e-3, 0.3, solved=False), run(1e-2, 0.2, solved=False)]) == 1e-2


def test_a_diverged_run_counts_as_infinite():
    """Its finite score from before it broke does not count."""
    assert best_rate([run(1e-3, 0.5), run(1e-2, 0.01, status="diverged")]) == 1e-3


def test_ties_go_to_the_smaller_rate():
    assert best_rate([run(1e-2, 0.5), run(1e-3, 0.5), run(3e-3, 0.5)]) == 1e-3


def test_all_diverged_still_gives_a_rate():
    assert best_rate([run(rate, status="diverged", solved=False) for rate in (1e-2, 1e-3)]) == 1e-3


runs = st.builds(
    run,
    st.sampled_from([1e-3, 3e-3, 1e-2]),
    st.floats(0, 10),
    solved=st.booleans(),
    steps=st.integers(0, 1000),
    status=st.sampled_from(["ok", "diverged"]),
)


@given(st.lists(runs, min_size=1, max_size=12), st.randoms())
def test_order_of_the_runs_does_not_matter(grid, random):
    chosen = best_rate(grid)
    assert chosen in {r.learning_rate for r in grid}
    random.shuffle(grid)
    assert best_rate(grid) == chosen


@pytest.mark.parametrize("seeds", [1, 2, 5])
def test_a_rate_that_is_best_in_every_run_is_chosen(seeds):
    grid = [run(rate, value, solved=False) for rate, value in ((1e-3, 0.4), (3e-3, 0.1), (1e-2, 0.2))] * seeds
    assert best_rate(grid) == 3e-3
