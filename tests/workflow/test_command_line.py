"""What the command line may say, and the sentence for all else."""

import re
from pathlib import Path

import pytest

from rnn.errors import StudyError
from workflow.command_line import chosen

ROOT = Path(__file__).resolve().parents[2]


def test_the_command_line_chooses_an_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert chosen({}) == ("study", None)
    assert chosen({"experiment": "tiny"}) == ("tiny", None)
    with pytest.raises(
        StudyError, match=re.escape("the experiments are download, quick, study, tiny; the nearest is quick")
    ):
        chosen({"experiment": "quik"})
    for name in ("../x", "A b", "mlflow", ""):
        with pytest.raises(StudyError, match="cannot name an experiment"):
            chosen({"experiment": name})
    with pytest.raises(
        StudyError, match="--config seeds: there is no such setting, only `experiment` and `data_mirror`"
    ):
        chosen({"seeds": 3})


@pytest.mark.parametrize("written", ["mirror", "./mirror", "../project/mirror"])
def test_a_relative_mirror_is_relative_to_where_the_command_is_started(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "project" / "mirror").mkdir(parents=True)
    (tmp_path / "project" / "experiments").symlink_to(ROOT / "experiments")
    monkeypatch.chdir(tmp_path / "project")
    name, mirror = chosen({"experiment": "tiny", "data_mirror": written})
    assert name == "tiny"
    assert mirror is not None
    assert mirror.is_absolute()
    assert mirror.samefile(tmp_path / "project" / "mirror")


@pytest.mark.parametrize("value", ["absent", "README.md", "", None])
def test_a_mirror_that_is_no_folder_is_refused(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(StudyError) as caught:
        chosen({"experiment": "tiny", "data_mirror": value})
    assert str(caught.value) == (
        f"--config data_mirror={value or ''}: there is no such folder; name one that holds original files, or leave "
        "data_mirror out to download them."
    )
