"""The grid: which jobs an experiment has, their arguments and their expected times."""

from pathlib import Path

import pytest

from workflow.grid import START, Grid, middle, stacks_of
from workflow.settings import load

TEXT = """\
title: A test
seed: 7
seeds: 3
cells: [rnn, gru]
variants: {rnn: [relu]}
tuning: {learning_rates: [1e-2, 1e-3], seeds: 2}
tasks:
  hello: {lengths: [4], steps: 5, core_seconds: 10}
  adding: {lengths: [20, 10, 5, 40], steps: 5, core_seconds: 100}
"""


@pytest.fixture
def grid(tmp_path: Path) -> Grid:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT)
    return Grid(load(path))


@pytest.mark.parametrize(("lengths", "expected"), [([5], 5), ([5, 9], 5), ([9, 5, 7], 7), ([40, 10, 20, 5], 10)])
def test_rates_are_chosen_at_the_lower_middle_length(lengths: list[int], expected: int) -> None:
    assert middle(lengths) == expected


def test_every_combination_is_a_stack_and_they_are_sorted(grid: Grid) -> None:
    stacks = grid.stacks()
    assert len(stacks) == 3 * (4 + 1)
    assert stacks == sorted(stacks)
    assert str(grid.stacks("hello")[0]) == "hello/gru/default/4"


def test_a_task_s_own_variants_take_the_place_of_the_experiment_s(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT.replace("core_seconds: 10}", "variants: {}}"))
    grid = Grid(load(path))
    assert {stack.variant for stack in grid.stacks("hello")} == {"default"}
    assert {stack.variant for stack in grid.stacks("adding")} == {"default", "relu"}


def test_rates_are_chosen_where_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT.replace("[20, 10, 5, 40], steps: 5", "[20, 10, 5, 40], tuned_at: 5, steps: 5"))
    assert (Grid(load(path)).tuning_length("adding"), Grid(load(path)).tuning_length("hello")) == (5, 4)


def test_a_distance_of_zero_has_the_steps_of_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT.replace("hello: {lengths: [4]", "reviews: {lengths: [0, 40]"))
    grid = Grid(load(path))
    bare, far = (
        grid.seconds("train", {"task": "reviews", "cell": "gru", "length": length}) - START for length in ("0", "40")
    )
    assert far == pytest.approx(2 * bare)  # sentences of at most 40 words


def test_groups_say_the_same_as_the_stacks(grid: Grid) -> None:
    assert grid.groups("adding").split()[0] == "adding/gru/default/5,10,20,40"
    assert stacks_of(grid.groups().split()) == grid.stacks()


def test_arguments_are_sorted_and_numbers_have_one_form(grid: Grid) -> None:
    words = grid.setup_arguments("adding", "rnn", "relu", 5).split()
    assert words[::2] == sorted(words[::2])
    assert words[words.index("--clip") + 1] == "1.0"
    assert grid.rate_arguments() == "--learning-rates 0.001 0.01 --n-seeds 2"


def test_a_task_s_expected_seconds_are_split_over_its_jobs(grid: Grid) -> None:
    jobs = [("tune", {"task": "adding", "cell": cell}) for cell in ("rnn", "rnn", "gru")]
    jobs += [("train", {"task": "adding", "cell": s.cell, "length": str(s.length)}) for s in grid.stacks("adding")]
    assert sum(grid.seconds(*job) - START for job in jobs) == pytest.approx(100)


def test_the_longest_path_comes_first(grid: Grid) -> None:
    def path(rule: str, cell: str, length: int) -> float:
        return grid.path_seconds(rule, {"task": "adding", "cell": cell, "length": str(length)})

    assert path("train", "gru", 40) > path("train", "gru", 5) > path("train", "rnn", 5)
    assert path("prepare", "", 5) > path("tune", "gru", 10) > path("train", "gru", 40)
