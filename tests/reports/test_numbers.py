import pytest

from reports import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.166667, "0.167"),
        (9.2, "9.20"),
        (9.9996, "10.0"),
        (-0.5, "−0.500"),
        (12345.6, "12,300"),
        (3.41e-5, "3.4 × 10⁻⁵"),
        (2e9, "2.0 × 10⁹"),
    ],
)
def test_significant(value, text):
    assert numbers.significant(value) == text


@pytest.mark.parametrize(
    ("log10", "text"), [(-180.4, "4.0 × 10⁻¹⁸¹"), (-0.5, "0.32"), (-3.0001, "1.0 × 10⁻³"), (11.87, "7.4 × 10¹¹")]
)
def test_power_of_ten_below_and_above_what_a_float_holds(log10, text):
    assert numbers.power_of_ten(log10) == text


@pytest.mark.parametrize(
    ("triple", "text"),
    [
        ((0.186, 0.161, 0.209), "0.186 (0.161–0.209)"),
        ((1.69, 1.66, 1.72), "1.690 (1.660–1.720)"),
        ((-0.1, -0.2, 0.1), "−0.10 (−0.20 to 0.10)"),
        ((3.7e-4, 3.3e-4, 4.2e-4), "3.70 (3.30–4.20) × 10⁻⁴"),
        ((2.0, 2.0, 2.0), "2.00"),
    ],
)
def test_digits_follow_from_the_width_of_the_interval(triple, text):
    assert numbers.with_interval(*triple) == text


@pytest.mark.parametrize(("share", "text"), [(0, "0 %"), (0.004, "below 1 %"), (0.996, "above 99 %"), (1, "100 %")])
def test_a_share_is_never_rounded_to_all_or_nothing(share, text):
    assert numbers.percent(share) == text


def test_lists_and_ranges():
    assert numbers.listed(["a"]) == "a"
    assert numbers.listed(["a", "b", "c"]) == "a, b and c"
    assert numbers.ranges([0, 1, 2, 7, 9, 10]) == "0–2, 7, 9–10"
    assert numbers.counted(1, "run") == "1 run"
    assert numbers.counted(1234, "run") == "1,234 runs"
