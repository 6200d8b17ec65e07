from itertools import product
from math import inf

import pytest

from reports.statistics import coverage, rank, spread


@pytest.mark.parametrize("n", range(2, 11))
def test_coverage_is_that_of_all_equally_likely_sides_of_the_median(n):
    k = rank(n)
    sides = list(product([False, True], repeat=n))
    covered = sum(k <= sum(side) <= n - k for side in sides)
    assert coverage(n, k) == covered / len(sides)


def test_ten_seeds_leave_out_one_at_each_end():
    s = spread(range(10))
    assert (s.median, s.low, s.high) == (4.5, 1, 8)
    assert s.coverage == pytest.approx(0.978515625)


def test_few_seeds_give_their_range_with_its_real_coverage():
    s = spread([3.0, 1.0])
    assert (s.low, s.high, s.coverage) == (1, 3, 0.5)


def test_one_seed_has_no_interval_and_none_has_no_median():
    assert spread([2.0]).coverage is None
    assert spread([]) is None


@pytest.mark.parametrize(("values", "median"), [([-inf, 1.0], -inf), ([5.0, inf], 5.0), ([1.0, inf, inf], inf)])
def test_infinite_values_rank_and_the_lower_middle_one_counts(values, median):
    assert spread(values).median == median
