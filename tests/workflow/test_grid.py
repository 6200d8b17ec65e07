"""The grid: which jobs an experiment has, their arguments and their expected times."""

from pathlib import Path

import pytest

from workflow.grid import START, Grid, groups_of, middle, stacks_of
from workflow.initial import UNTRAINED
from workflow.keys import Stack
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
ABLATED = (("rnn", "long-budget"), ("rnn", "matched"), ("gru", "matched"))
ABLATIONS = "ablations: [{lengths: [20, 5], rnn: [long-budget, matched], gru: [matched]}]"
DEFAULTS = (("rnn", "default"), ("rnn", "relu"), ("gru", "default"))


def wildcards_of(cell: str, length: int) -> dict[str, str]:
    return {"task": "adding", "cell": cell, "variant": "default", "length": str(length)}


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
    path.write_text(TEXT.replace("[20, 10, 5, 40], steps: 5", "[20, 10, 5, 40], tuned_at: [40, 10], steps: 5"))
    grid = Grid(load(path))
    # each takes the rate of the nearest length
    found = {stack.length: grid.tuned(stack).length for stack in grid.stacks("adding")}
    assert found == {5: 10, 10: 10, 20: 10, 40: 40}
    assert {stack.length for stack in grid.tuned_stacks("adding")} == {10, 40}
    assert {stack.length for stack in grid.tuned_stacks("hello")} == {4}


def test_of_two_lengths_as_near_the_shorter_one_s_rate_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT.replace("[20, 10, 5, 40], steps: 5", "[30, 10, 20], tuned_at: [30, 10], steps: 5"))
    assert Grid(load(path)).tuned(Stack("adding", "rnn", "default", 20)).length == 10


def test_a_distance_of_zero_has_the_steps_of_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT.replace("hello: {lengths: [4]", "reviews: {lengths: [0, 40]"))
    grid = Grid(load(path))
    bare, far = (
        grid.seconds("train", {"task": "reviews", "cell": "gru", "variant": "default", "length": length}) - START
        for length in ("0", "40")
    )
    assert far == pytest.approx(2 * bare)  # sentences of at most 40 words


def test_groups_say_the_same_as_the_stacks(grid: Grid) -> None:
    assert groups_of(grid.stacks("adding")).split()[0] == "adding/gru/default/5,10,20,40"
    assert stacks_of(groups_of(grid.stacks()).split()) == grid.stacks()


@pytest.fixture
def longer(tmp_path: Path) -> Grid:
    """Measured at two more lengths of which no network is trained."""
    path = tmp_path / "longer.yaml"
    path.write_text(TEXT.replace("[20, 10, 5, 40],", "[20, 10, 5, 40], initial_lengths: [1000, 30],"))
    return Grid(load(path))


def test_untrained_networks_are_measured_at_trained_lengths_and_at_others(grid: Grid, longer: Grid) -> None:
    assert grid.measured_stacks() == grid.stacks() == longer.stacks()
    assert longer.measured_lengths("adding") == [5, 10, 20, 30, 40, 1000]
    models = (("gru", "default"), ("rnn", "default"), ("rnn", "relu"))
    others = {Stack("adding", *model, length) for model in models for length in (30, 1000)}
    assert set(longer.measured_stacks()) - set(longer.stacks()) == others
    assert {stack.length for stack in longer.tuned_stacks("adding")} == {10}


def test_arguments_of_untrained_networks_do_not_say_how_they_are_trained(tmp_path: Path, grid: Grid) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT.replace("steps: 5", "steps: 6, clip: 0, batch: 7, log_every: 2, patience: 9, optimiser: sgd"))
    stack = {"task": "adding", "cell": "rnn", "variant": "relu", "length": 5}
    edited = Grid(load(path))
    assert edited.setup_arguments(**stack) != grid.setup_arguments(**stack)
    assert edited.setup_arguments(**stack, known=UNTRAINED) == grid.setup_arguments(**stack, known=UNTRAINED)


def test_arguments_are_sorted_and_numbers_have_one_form(grid: Grid) -> None:
    words = grid.setup_arguments("adding", "rnn", "relu", 5).split()
    assert words[::2] == sorted(words[::2])
    assert words[words.index("--clip") + 1] == "1.0"
    assert grid.rate_arguments() == "--learning-rates 0.001 0.01 --n-seeds 2"


def test_a_task_s_expected_seconds_are_split_over_its_jobs(grid: Grid) -> None:
    stacks = [{name: str(value) for name, value in vars(s).items()} for s in grid.stacks("adding")]
    models = {(s["cell"], s["variant"]) for s in stacks}
    jobs = [("tune", {"task": "adding", "cell": cell, "variant": variant, "length": "10"}) for cell, variant in models]
    jobs += [("train", stack) for stack in stacks]
    assert len(models) == 3
    assert sum(grid.seconds(*job) - START for job in jobs) == pytest.approx(100)


def test_an_ablation_is_trained_and_measured_at_its_lengths_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    measured = ABLATIONS.replace("[20, 5]", "[20, 5], initial_lengths: [1000]")
    path.write_text(TEXT.replace("steps: 5, core_seconds: 100", f"steps: 5, initial_lengths: [30, 1000], {measured}"))
    grid = Grid(load(path))
    found = {(s.cell, s.variant, s.length) for s in grid.stacks("adding")} - {
        (cell, "default", length) for cell in ("rnn", "gru") for length in (5, 10, 20, 40)
    }
    assert found == {
        *(("rnn", "relu", length) for length in (5, 10, 20, 40)),  # one of `variants`
        *((cell, variant, length) for cell, variant in ABLATED for length in (5, 20)),
    }
    others = set(grid.measured_stacks("adding")) - set(grid.stacks("adding"))
    assert others == {
        *(Stack("adding", *model, length) for model in DEFAULTS for length in (30, 1000)),
        *(Stack("adding", *model, 1000) for model in ABLATED),
    }
    assert stacks_of(groups_of(grid.measured_stacks()).split()) == grid.measured_stacks()


def test_a_larger_budget_and_more_units_take_longer(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(TEXT.replace("steps: 5, core_seconds: 100", f"steps: 5, {ABLATIONS}"))
    grid = Grid(load(path))

    def seconds(rule: str, cell: str, variant: str, length: str = "20") -> float:
        return grid.seconds(rule, {"task": "adding", "cell": cell, "variant": variant, "length": length}) - START

    for rule in ("tune", "train"):
        usual = seconds(rule, "rnn", "default")
        assert seconds(rule, "rnn", "long-budget") == pytest.approx(4 * usual)
        assert seconds(rule, "rnn", "matched") == pytest.approx(4 * usual)  # of one gate, in place of four
        assert seconds(rule, "gru", "matched") == pytest.approx(4 / 3 * seconds(rule, "gru", "default"))


def test_measuring_at_initialisation_takes_longer_for_more_draws_steps_and_state(grid: Grid, longer: Grid) -> None:
    def seconds(grid: Grid, cell: str, length: int) -> float:
        return grid.seconds("initial", {"task": "adding", "cell": cell, "variant": "default", "length": str(length)})

    assert seconds(longer, "gru", 1000) > seconds(longer, "gru", 5) > START
    assert seconds(longer, "lstm", 5) > seconds(longer, "gru", 5)
    fewer = Grid(grid.experiment.model_copy(update={"draws": 5}))
    assert seconds(fewer, "gru", 5) < seconds(grid, "gru", 5)


def test_phase_diagrams_take_longer_for_larger_networks_and_more_draws(grid: Grid) -> None:
    assert grid.phase_arguments() == "--experiment-seed 7 --sizes 64 --seeds 2"
    phase = grid.experiment.phase
    larger = phase.model_copy(update={"sizes": [200, 64], "seeds": 2})
    other = Grid(grid.experiment.model_copy(update={"phase": larger}))
    assert other.phase_arguments() == "--experiment-seed 7 --sizes 64 200 --seeds 2"
    assert other.seconds("phase", {}) > grid.seconds("phase", {}) > START


def test_data_that_nothing_is_trained_on_wait_for_measurements_alone(longer: Grid) -> None:
    def path(rule: str, cell: str, length: int) -> float:
        return longer.path_seconds(rule, wildcards_of(cell, length))

    own = longer.seconds("prepare", {"task": "adding", "length": "1000"})
    assert path("prepare", "", 1000) == own + max(path("initial", cell, 1000) for cell in ("rnn", "gru"))
    assert path("prepare", "", 10) > path("tune", "gru", 10)


def test_the_longest_path_comes_first(grid: Grid) -> None:
    def path(rule: str, cell: str, length: int) -> float:
        return grid.path_seconds(rule, wildcards_of(cell, length))

    assert path("train", "gru", 40) > path("train", "gru", 5) > path("train", "rnn", 5)
    assert path("prepare", "", 10) > path("tune", "gru", 10) > path("train", "gru", 40)
    own = grid.seconds("prepare", {"task": "adding", "length": "5"})  # at which no rate is chosen
    assert path("prepare", "", 5) == own + path("train", "gru", 5)
