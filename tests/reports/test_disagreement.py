"""Seeds of one cell that reach quite different accuracies are counted by what they reach."""

from collections.abc import Sequence

import pytest

from reports.sentences.disagreement import seeds_disagree
from reports.tabulate import text as text_tables
from tests.reports.synthetic import Synthetic, study

MIXED = (49.1, 49.5, 50.2, 53.8, 54.4, 55.4, 56.4, 69.4, 71.1, 72.2)


def lstm(accuracies: Sequence[float]) -> Synthetic:
    """Let the LSTM's seeds reach given accuracies behind 20 words of filler, and all others the same."""
    made = study({"reviews": [0, 20]}, seeds=len(accuracies), models=[("lstm", "default"), ("gru", "default")])
    made.put("runs", "value", 0.3)
    for seed, accuracy in enumerate(accuracies):
        made.put("runs", "value", 1 - accuracy / 100, cell="lstm", length=20, seed=seed)
    return made


def test_a_mixture_is_told_apart_at_chance_and_at_wide_gaps(read) -> None:
    inputs = read(lstm(MIXED))
    assert seeds_disagree(inputs, "reviews") == (
        "Where more than 10 points lie between the second lowest and the second highest seed, the median describes no "
        "typical network. So it is in these cases (seeds, with their accuracy in per cent): the LSTM at k = 20 (3 at "
        "chance from 49.1 to 50.2, 4 from 53.8 to 56.4, 3 from 69.4 to 72.2)."
    )
    assert text_tables.accuracies(inputs, "reviews").rows[0][:3] == ("LSTM", "70.0 (10/10)", "54.9 (7/10)")


@pytest.mark.parametrize(
    ("accuracies", "wide"),
    [
        ((50.0, 60.0, 65.0, 69.9, 80.0), False),  # 9.9 points
        ((50.0, 60.0, 65.0, 70.1, 80.0), True),
        ((50.0, 70.0, 70.0, 70.0, 70.0), False),  # one seed lies apart
        ((50.0, 60.0, 80.0), False),  # too few
    ],
)
def test_one_seed_that_lies_apart_is_no_disagreement(read, accuracies, wide) -> None:
    assert bool(seeds_disagree(read(lstm(accuracies)), "reviews")) is wide
