"""A folder in place of the network: what is checked before any work, what is left out, and what is told."""

import hashlib
import os
import runpy
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rnn.errors import DataError, StudyError
from rnn.tasks import TASKS
from rnn.tasks.files import original_file
from tests.workflow.copies import Project
from workflow import mirror, settings
from workflow.cache import PROJECT
from workflow.grid import Grid
from workflow.originals import check

ROOT = Path(__file__).resolve().parents[2]
FILES = {"one.txt": b"one", "texts/둘.txt": "둘".encode(), "three.txt": b"three"}


def text() -> str:
    files = "\n".join(
        f'  {name}: {{url: "https://example.org/{i}", sha256: "{hashlib.sha256(content).hexdigest()}"}}'
        for i, (name, content) in enumerate(FILES.items())
    )
    return (
        "title: A test\nseed: 1\nseeds: 1\ndraws: 1\ncells: [rnn]\ntuning: {learning_rates: [0.1], seeds: 1}\n"
        "tasks:\n  hello: {lengths: [4], steps: 1}\n  adding: {lengths: [6], steps: 1}\n"
        f"files:\n{files}\n"
    )


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> settings.Experiment:
    """Two tasks, of which `hello` is made to need two files and `adding` one."""
    monkeypatch.setitem(TASKS, "hello", replace(TASKS["hello"], originals=("one.txt", "texts/둘.txt")))
    monkeypatch.setitem(TASKS, "adding", replace(TASKS["adding"], originals=("three.txt",)))
    path = tmp_path / "x.yaml"
    path.write_text(text(), encoding="utf-8")
    return settings.load(path)


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(FILES[name])
    return folder


def test_nothing_is_left_out_of_a_whole_mirror(experiment: settings.Experiment, tmp_path: Path) -> None:
    assert mirror.left_out(experiment, put(tmp_path / "mirror", *FILES)) == {}


def test_a_task_without_its_files_is_left_out_with_one_sentence(
    experiment: settings.Experiment, tmp_path: Path
) -> None:
    left_out = mirror.left_out(experiment, put(tmp_path / "mirror", "one.txt", "three.txt"))
    assert left_out == {"hello": "The task hello is left out: the data mirror does not hold texts/둘.txt."}
    kept = experiment.without(left_out)
    assert Grid(kept).tasks == ["adding"]
    assert kept.full() == {**experiment.full(), "tasks": {"adding": experiment.full()["tasks"]["adding"]}}
    assert experiment.without({}).digest() == experiment.digest() != kept.digest()


def test_a_mirror_that_leaves_no_task_is_refused(experiment: settings.Experiment, tmp_path: Path) -> None:
    folder = put(tmp_path / "mirror", "one.txt")
    with pytest.raises(StudyError, match=r"^No task is left: .*; three\.txt and texts/둘\.txt are missing\.$"):
        mirror.left_out(experiment, folder)


def test_many_names_are_counted() -> None:
    assert mirror.listed(["a", "b", "c"]) == "a, b and c"
    assert mirror.listed(["a", "b", "c", "d", "e"]) == "a, b and 3 more"


def test_one_changed_byte_is_refused_with_both_digests(experiment: settings.Experiment, tmp_path: Path) -> None:
    """Also where the file's task would be left out for another file."""
    folder = put(tmp_path / "mirror", "one.txt", "three.txt")
    (folder / "one.txt").write_bytes(b"onE")
    with pytest.raises(StudyError) as caught:
        mirror.left_out(experiment, folder)
    found, right = (hashlib.sha256(content).hexdigest() for content in (b"onE", b"one"))
    assert str(caught.value) == (
        f"{folder / 'one.txt'} has sha256:{found} and must have sha256:{right}: put the original file there, or remove "
        "it, which leaves out the tasks that need it; nothing was changed."
    )


def test_a_file_that_cannot_be_read_is_named(
    experiment: settings.Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put(tmp_path / "mirror", *FILES)

    def fail(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(mirror, "digest_of", fail)
    with pytest.raises(StudyError, match=r"one\.txt cannot be read \(Permission denied\): make it readable"):
        mirror.left_out(experiment, folder)


def test_a_task_whose_files_are_not_named_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TASKS, "hello", replace(TASKS["hello"], originals=("four.txt",)))
    path = tmp_path / "x.yaml"
    path.write_text(text(), encoding="utf-8")
    with pytest.raises(StudyError, match=r"`tasks\.hello` needs four\.txt, which `files` does not name: add its url"):
        settings.load(path)


def test_data_depend_on_the_digests_of_their_files(experiment: settings.Experiment) -> None:
    digest = {name: f"sha256:{hashlib.sha256(content).hexdigest()}" for name, content in FILES.items()}
    assert Grid(experiment).data_arguments("hello", "results/x/originals") == (
        "--experiment-seed 1 --originals results/x/originals"
        f" --digests one.txt={digest['one.txt']} 'texts/둘.txt={digest['texts/둘.txt']}'"
    )


def test_data_of_a_task_without_files_depend_on_none(experiment: settings.Experiment) -> None:
    assert Grid(experiment).data_arguments("copy", "results/x/originals") == "--experiment-seed 1"


def test_what_was_changed_after_it_was_fetched_is_refused(tmp_path: Path) -> None:
    folder = put(tmp_path, "one.txt")
    right = {"one.txt": f"sha256:{hashlib.sha256(b'one').hexdigest()}"}
    check(folder, right)
    (folder / "one.txt").write_bytes(b"onE")
    with pytest.raises(DataError, match=r"one\.txt has sha256:.*, not sha256:.*, so it was changed: delete it and"):
        check(folder, right)
    (folder / "one.txt").unlink()
    with pytest.raises(DataError, match=r"one\.txt is missing: run the experiment again\."):
        check(folder, right)


def test_an_original_is_read_from_its_folder(tmp_path: Path) -> None:
    assert original_file(put(tmp_path, "texts/둘.txt"), "texts/둘.txt") == FILES["texts/둘.txt"]
    with pytest.raises(DataError, match=r"one\.txt is missing: run experiment=download again"):
        original_file(tmp_path, "one.txt")
    with pytest.raises(DataError, match=r"one\.txt is a downloaded file and no folder of downloads is given"):
        original_file(None, "one.txt")


def test_a_changed_file_of_a_mirror_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.yaml").write_text(text(), encoding="utf-8")
    folder = put(tmp_path / "mirror", *FILES)
    output = tmp_path / "out" / "one.txt"
    paths = ["--experiment", str(tmp_path / "x.yaml"), "--mirror", str(folder), "--output", str(output)]
    monkeypatch.setattr(sys, "argv", ["fetch", "--name", "one.txt", *paths])
    runpy.run_module("workflow.steps.fetch", run_name="__main__")
    assert output.read_bytes() == b"one"
    (folder / "one.txt").write_bytes(b"onE")
    with pytest.raises(SystemExit, match=r"one\.txt does not have sha256:.*: put the original file there\."):
        runpy.run_module("workflow.steps.fetch", run_name="__main__")
    assert output.read_bytes() == b"one"
    (folder / "one.txt").unlink()
    with pytest.raises(SystemExit, match=r"one\.txt is missing: put the original file there\."):
        runpy.run_module("workflow.steps.fetch", run_name="__main__")


TASK = """

for _name in ("hello", "adding"):
    from dataclasses import replace as _replace
    TASKS[_name] = _replace(TASKS[_name], originals=("one.txt", "texts/둘.txt") if _name == "hello" else ("three.txt",))
"""


def test_the_pipeline_works_from_a_mirror_alone(tmp_path: Path) -> None:
    """Data are made of what the mirror holds; one changed byte ends the next command before any work."""
    project = Project(tmp_path / "project")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if name.startswith(("rnn/", "workflow/", "reports/", "experiments/", "profiles/", "Snakefile")):
            (project.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, project.folder / name)
    with (project.folder / "rnn/tasks/__init__.py").open("a", encoding="utf-8") as registry:
        registry.write(TASK)
    (project.folder / "experiments/x.yaml").write_text(text(), encoding="utf-8")
    folder = put(project.folder / "mirror", "one.txt", "texts/둘.txt")
    target, cache = "results/x/data/hello/4.npz", tmp_path / "cache"
    environment = {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}

    status, told = project.snakemake("x", target, mirror="mirror", **environment)
    assert status == 0, told
    assert told.count("The task adding is left out: the data mirror does not hold three.txt.") == 1
    assert (project.results("x") / "originals/texts/둘.txt").read_bytes() == FILES["texts/둘.txt"]
    made = (project.folder / target).stat().st_mtime_ns
    assert not (cache / PROJECT).exists()

    (folder / "one.txt").write_bytes(b"onE")
    status, told = project.snakemake("x", target, mirror="mirror", **environment)
    assert status == 1
    of_snakemake, sentence = told.splitlines()
    assert "profile" in of_snakemake
    assert sentence.startswith(f"{folder / 'one.txt'} has sha256:")
    assert (project.folder / target).stat().st_mtime_ns == made
    assert (project.results("x") / "originals/one.txt").read_bytes() == b"one"
