"""Files of installed packages: read as they are, or refused in one sentence that says what to do."""

import hashlib
import sys

import pytest

from rnn.errors import DataError, StudyError
from rnn.tasks.files import package_file

CONTENT = b"week,co2\n1,315.7\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package "carrier" with one file, which raises when it is imported."""
    folder = tmp_path / "carrier" / "data"
    folder.mkdir(parents=True)
    (tmp_path / "carrier" / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (folder / "table.csv").write_bytes(CONTENT)
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def refusal(*request):
    with pytest.raises(DataError) as caught:
        package_file(*request)
    message = str(caught.value)
    assert isinstance(caught.value, StudyError)
    assert "\n" not in message
    assert message.endswith(".")
    assert "run make" in message
    return message


def test_content_is_returned_and_nothing_imported(package):
    assert package_file("carrier", "data/table.csv", hashlib.sha256(CONTENT).hexdigest()) == CONTENT
    assert "carrier" not in sys.modules


def test_another_digest_is_refused_with_both(package):
    right = hashlib.sha256(CONTENT).hexdigest()
    (package / "table.csv").write_bytes(CONTENT + b"2,315.8\n")
    message = refusal("carrier", "data/table.csv", right)
    assert right in message
    assert hashlib.sha256(CONTENT + b"2,315.8\n").hexdigest() in message


def test_a_missing_file_is_named(package):
    message = refusal("carrier", "data/other.csv", "0" * 64)
    assert "data/other.csv" in message
    assert "carrier" in message


def test_a_missing_package_is_named():
    message = refusal("a_package_that_is_not_there", "data/table.csv", "0" * 64)
    assert "a_package_that_is_not_there" in message


def test_a_module_that_is_no_package_is_refused(tmp_path, monkeypatch):
    (tmp_path / "single.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    assert "single" in refusal("single", "table.csv", "0" * 64)
