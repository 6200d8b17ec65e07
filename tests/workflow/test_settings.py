"""Experiment files: what is accepted, and the sentence that each error is told in."""

import platform
from pathlib import Path

import pytest

from rnn.errors import StudyError
from rnn.tasks import TASKS
from workflow import settings

ROOT = Path(__file__).resolve().parents[2]
ORIGINAL = f"url: https://example.org/a, sha256: {64 * 'a'}"
GOOD = """\
title: A test
seed: 1
seeds: 2
cells: [rnn, lstm]
variants: {rnn: [relu]}
tuning: {learning_rates: [1e-3, 0.01, 1]}
tasks:
  adding: {lengths: [10, 20], steps: 5}
"""


def problems(folder: Path, text: str) -> list[str]:
    path = folder / "x.yaml"
    path.write_text(text)
    with pytest.raises(StudyError) as caught:
        settings.load(path)
    return str(caught.value).splitlines()


def test_the_good_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(GOOD)
    experiment = settings.load(path)
    assert experiment.tuning.learning_rates == [0.001, 0.01, 1.0]
    assert experiment.chosen_tasks["adding"].hidden == 32
    assert (experiment.draws, experiment.chosen_tasks["adding"].initial_lengths) == (50, [])
    assert (experiment.phase.sizes, experiment.phase.seeds) == ([64], 2)
    assert experiment.variants_of("adding", "rnn", 10) == ["default", "relu"]
    assert experiment.full()["tasks"] == {"adding": experiment.chosen_tasks["adding"].model_dump(exclude_none=True)}


def test_an_ablation_stands_beside_the_variants_of_all_lengths(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        GOOD.replace(
            "steps: 5",
            "steps: 5, ablations: [{lengths: [20], rnn: [linear], lstm: [chrono]}, {lengths: [10], rnn: [irnn]}]",
        )
    )
    experiment = settings.load(path)
    assert experiment.variants_of("adding", "rnn", 10) == ["default", "irnn", "relu"]
    assert experiment.variants_of("adding", "rnn", 20) == ["default", "linear", "relu"]
    assert experiment.variants_of("adding", "lstm", 20) == ["chrono", "default"]


@pytest.mark.parametrize("name", TASKS)
def test_every_task_can_be_chosen(name: str, tmp_path: Path) -> None:
    """Also one that is called like a method of the models."""
    length = TASKS[name].natural_length or TASKS[name].min_length
    path = tmp_path / "x.yaml"
    files = "".join(f"\n  {original}: {{{ORIGINAL}}}" for original in TASKS[name].originals)
    text = GOOD.replace("adding: {lengths: [10, 20]", f"{name}: {{lengths: [{length}]")
    path.write_text(f"{text}\nfiles:{files}\n" if files else text)
    experiment = settings.load(path)
    assert {task: found.lengths for task, found in experiment.chosen_tasks.items()} == {name: [length]}
    assert experiment.full()["tasks"].keys() == {name}


@pytest.mark.parametrize("name", ["tiny", "quick", "study", "download"])
def test_our_own_experiments_are_accepted(name: str) -> None:
    settings.load(ROOT / "experiments" / f"{name}.yaml")


def test_the_digest_is_of_the_content_not_of_its_spelling(tmp_path: Path) -> None:
    one, two, three = tmp_path / "1.yaml", tmp_path / "2.yaml", tmp_path / "3.yaml"
    one.write_text(GOOD)
    two.write_text("# a comment\n" + GOOD.replace("0.01", "1e-2").replace("steps: 5", "hidden: 32, steps: 5"))
    three.write_text(GOOD.replace("steps: 5", "steps: 6"))
    digests = [settings.load(path).digest() for path in (one, two, three)]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("cells:", "celss:", "`celss` is not a key of an experiment; the nearest is `cells`."),
        ("steps:", "stepz:", "`stepz` is not a key of `tasks.adding`; the nearest is `steps`."),
        ("variants: {rnn", "variants: {xyz", "`xyz` is not a key of `variants`; its keys are rnn, lstm, gru."),
        ("adding:", "addin:", "`addin` is not a key of `tasks`; the nearest is `adding`."),
        ("seeds: 2", "", "`seeds` is missing: add it."),
        (", steps: 5", "", "`tasks.adding.steps` is missing: add it."),
        ("seed: 1", "seed: true", "`seed` is True and must be a whole number."),
        ("seeds: 2", "seeds: 3.0", "`seeds` is 3.0 and must be a whole number."),
        ("seeds: 2", "seeds: '2'", "`seeds` is '2' and must be a whole number."),
        ("seeds: 2", "seeds: 0", "`seeds` is 0 and must be at least 1."),
        ("seeds: 2", "seeds: 1000", "`seeds` is 1000 and must be below 1000."),
        ("steps: 5", "steps: -5", "`tasks.adding.steps` is -5 and must be at least 1."),
        ("steps: 5", "steps: 5, clip: .nan", "`tasks.adding.clip` is nan and must be a finite number."),
        ("steps: 5", "steps: 5, clip: -1", "`tasks.adding.clip` is -1 and must be at least 0."),
        ("1e-3", "0", "`tuning.learning_rates[0]` is 0 and must be above 0."),
        ("1e-3", ".inf", "`tuning.learning_rates[0]` is inf and must be a finite number."),
        ("1e-3", "true", "`tuning.learning_rates[0]` is True and must be a number."),
        ("1e-3", "0.01", "`tuning.learning_rates` names 0.01 twice."),
        ("[10, 20]", "[10, 10]", "`tasks.adding.lengths` names 10 twice."),
        ("[10, 20]", "[]", "`tasks.adding.lengths` is [] and must be a list with at least one entry."),
        ("[10, 20]", "10", "`tasks.adding.lengths` is 10 and must be a list, like [a, b]."),
        ("[10, 20]", "[1]", "`tasks.adding.lengths[0]` is 1 and must be at least 2."),
        ("adding: {lengths: [10, 20]", "hello: {lengths: [5]", "`tasks.hello.lengths[0]` is 5 and must be 4."),
        ("[rnn, lstm]", "[rnm, lstm]", "`cells[0]` is 'rnm' and must be rnn or lstm or gru; the nearest is `rnn`."),
        ("[relu]", "[bias-0]", "`variants.rnn[0]` is 'bias-0' and must be "),
        ("{rnn: [relu]}", "{gru: [bias-0]}", "`variants.gru` is for a cell that `cells` does not name"),
        (
            "steps: 5}",
            "steps: 5, tuned_at: [7]}",
            "tuned_at` names 7 and must name some of its `lengths`: 10, 20.",
        ),
        (
            "steps: 5}",
            "steps: 5, variants: {gru: [bias-0]}}",
            "`tasks.adding.variants.gru` is for a cell that `cells` does not name",
        ),
        (
            "steps: 5}",
            "steps: 5, ablations: [{lengths: [10, 30], rnn: [linear]}]}",
            "`tasks.adding.ablations[0].lengths` names 30 and must name some of its `lengths`: 10, 20.",
        ),
        (
            "steps: 5}",
            "steps: 5, ablations: [{lengths: [10], rnn: [linear, relu]}]}",
            "`tasks.adding` has relu of rnn twice at length 10: remove it from one list.",
        ),
        (
            "steps: 5}",
            "steps: 5, ablations: [{lengths: [10], gru: [bias-0]}]}",
            "`tasks.adding.ablations[0].gru` is for a cell that `cells` does not name",
        ),
        (
            "steps: 5}",
            "steps: 5, ablations: [{rnn: [linear]}]}",
            "`tasks.adding.ablations[0].lengths` is missing: add it.",
        ),
        (
            "[10, 20], steps: 5}",
            "[2, 20], steps: 5, ablations: [{lengths: [20], lstm: [chrono]}]}",
            "`chrono` on `adding` needs sequences of more than 2 steps, and its length 2 has 2: remove one of the two.",
        ),
        ("seeds: 2", "seeds: 60", "`draws` is 50 and must be at least `seeds`, 60."),
        ("seeds: 2", "seeds: 2\ndraws: 1", "`draws` is 1 and must be at least `seeds`, 2."),
        ("seeds: 2", "seeds: 2\ndraws: 1000", "`draws` is 1000 and must be below 1000."),
        (
            "steps: 5}",
            "steps: 5, initial_lengths: [30, 20]}",
            "`tasks.adding.initial_lengths` names 20, which `lengths` names too: remove it",
        ),
        (
            "steps: 5}",
            "steps: 5, initial_lengths: [1]}",
            "`tasks.adding.initial_lengths[0]` is 1 and must be at least 2.",
        ),
        ("steps: 5}", "steps: 5, initial_lengths: [7, 7]}", "`tasks.adding.initial_lengths` names 7 twice."),
        (
            "adding: {lengths: [10, 20]",
            "hello: {lengths: [4], initial_lengths: [4]",
            "`tasks.hello.initial_lengths` is [4] and must be an empty list.",
        ),
        ("seeds: 2", "seeds: 2\nphase: {sizes: [1]}", "`phase.sizes[0]` is 1 and must be at least 2."),
        ("seeds: 2", "seeds: 2\nphase: {sizes: [9, 9]}", "`phase.sizes` names 9 twice."),
        ("seeds: 2", "seeds: 2\nphase: {size: [9]}", "`size` is not a key of `phase`; the nearest is `sizes`."),
        ("title: A test", "title:", "`title` is empty and must be text."),
        ("title: A test", "title: |\n  a\n  b", "`title` is 'a\\nb\\n' and must be one line of text."),
        (
            "  adding: {lengths: [10, 20], steps: 5}",
            "  adding:",
            "`tasks.adding` is empty and must be `key: value` lines.",
        ),
        ("  adding: {lengths: [10, 20], steps: 5}", "  {}", "`tasks` is empty: name at least one of "),
        ("seed: 1", "seed: 1\nseed: 2", "line 3: the key `seed` stands on line 2 already; keep one of the two."),
        ("steps: 5", "steps: 5, steps: 6", "line 8: the key `steps` stands on line 8 already"),
        ("seed: 1", "1: 1", "line 2: the key '1' is not a name"),
        ("[10, 20]", "[10, 20", "is not valid YAML at line 8"),
        (
            "steps: 5}",
            "steps: 5, ablations: [{lengths: [10], rnm: [linear]}]}",
            "`rnm` is not a key of `tasks.adding.ablations[0]`; the nearest is `rnn`.",
        ),
        (
            "seeds: 2",
            f"seeds: 2\nfiles: {{a/b.txt: {{{ORIGINAL}, shq: x}}}}",
            "`shq` is not a key of `files.a/b.txt`; ",
        ),
        ("seeds: 2", "seeds: 2\nfiles: {a: {sha256: " + 64 * "a" + "}}", "`files.a.url` is missing: add it."),
        ("seeds: 2", "seeds: 2\nfiles: [a]", "`files` is ['a'] and must be `key: value` lines."),
        ("seeds: 2", f"seeds: 2\nfiles: {{../a: {{{ORIGINAL}}}}}", "`files.../a` names no file inside a folder: "),
        ("seeds: 2", f"seeds: 2\nfiles: {{/a: {{{ORIGINAL}}}}}", "`files./a` names no file inside a folder: "),
        (
            "seeds: 2",
            f"seeds: 2\nfiles: {{a: {{{ORIGINAL[:-1]}}}}}",
            f"`files.a.sha256` is '{63 * 'a'}' and must be 64 hexadecimal digits, in lower case and in quotes.",
        ),
        (
            "seeds: 2",
            f"seeds: 2\nfiles: {{a: {{{ORIGINAL.replace('https', 'file')}}}}}",
            "`files.a.url` is 'file://example.org/a' and must be an address like https://example.org/file.txt.",
        ),
        (
            "seeds: 2",
            f"seeds: 2\nfiles: {{a: {{{ORIGINAL}, git_blob: {40 * 'b'}}}}}",
            "`files.a` must have one of `sha256` and `git_blob`: the digest that the file is checked by.",
        ),
        (
            "seeds: 2",
            "seeds: 2\nfiles: {a: {url: https://example.org/a}}",
            "`files.a` must have one of `sha256` and `git_blob`: the digest that the file is checked by.",
        ),
    ],
)
def test_an_error_is_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    (told,) = problems(tmp_path, GOOD.replace(old, new, 1))
    assert sentence in told
    assert str(tmp_path / "x.yaml") in told


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("cells:", "celss:").replace("steps: 5", "steps: 0").replace("seeds: 2", "seeds: two")
    assert len(problems(tmp_path, text)) == 3


@pytest.mark.parametrize(("text", "sentence"), [("", "it holds nothing"), ("- a", "must hold `key: value` lines")])
def test_other_content_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (told,) = problems(tmp_path, text)
    assert sentence in told


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(StudyError, match="cannot be read as UTF-8 text"):
        settings.load(path)


def test_portable_needs_the_processor_that_it_pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    (told,) = problems(tmp_path, GOOD + "portable: true\n")
    assert "`portable` pins the kernels of x86-64, and this machine is arm64: set it to false." in told
