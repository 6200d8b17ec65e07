"""What all tasks on downloaded files hold: digests of what was read, labels, and one sentence where a file is wrong."""

import shutil
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from rnn.errors import DataError
from rnn.tasks import TASKS
from rnn.tasks.files import original_file

NAMES = ["tiny-shakespeare", "sunspots-monthly", "sentences", "nsmc", "fiction", "jsb"]


def refusal(task):
    with pytest.raises(DataError) as caught:
        task.prepare(8, 7)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


@pytest.mark.parametrize("name", NAMES)
def test_the_card_has_the_digest_of_every_file(name):
    task = TASKS[name]
    files = task.prepare(8, 7).card["files"]
    assert tuple(files) == task.originals
    for original, digest in files.items():
        assert digest == sha256((task.folder / original).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named(name, tmp_path):
    task = TASKS[name]
    for missing in task.originals:
        shutil.copytree(task.folder, tmp_path / missing)
        (tmp_path / missing / missing).unlink()
        message = refusal(replace(task, folder=tmp_path / missing))
        assert str(tmp_path / missing / missing) in message


@pytest.mark.parametrize("name", NAMES)
def test_without_a_folder_the_download_is_asked_for(name):
    assert "experiment=download" in refusal(replace(TASKS[name], folder=None))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_another_kind_is_refused(name, tmp_path):
    """The last of a task's files, so that the others are read; no text in any encoding that is expected."""
    task = TASKS[name]
    shutil.copytree(task.folder, tmp_path / "mirror")
    (tmp_path / "mirror" / task.originals[-1]).write_bytes(b"\xff\xfe\xfa")
    message = refusal(replace(task, folder=tmp_path / "mirror"))
    assert task.originals[-1] in message
    assert message.endswith("download it again.")


@pytest.mark.parametrize("name", ["sentences", "nsmc"])
def test_the_card_states_the_balance_of_every_split(name):
    data = TASKS[name].prepare(20, 7)
    for part in ("train", "valid", "test"):
        share = np.mean(getattr(data, part).y)
        assert 0.4 < share < 0.6
        assert f"{share:.3f} of {part}" in data.card["notes"]
    majority = np.bincount(data.train.y).argmax()
    assert data.baseline == np.mean(data.test.y != majority)


def test_a_file_is_read_as_it_is(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "날개.txt").write_bytes(b"\x00\r\n")
    assert original_file(tmp_path, "folder/날개.txt") == b"\x00\r\n"
    with pytest.raises(DataError, match=r"folder is missing: .*\.$"):
        original_file(tmp_path, "folder")
