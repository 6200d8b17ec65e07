"""Files of installed packages: read as they are, or refused in one sentence that says what to do."""

import hashlib
import sys

import pytest

from rnn.errors import DataError, StudyError
from rnn.tasks.files import package_file, package_files

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


def refusal(*request, read=package_file):
    with pytest.raises(DataError) as caught:
        read(*request)
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


@pytest.fixture
def volumes(package):
    """Two files on two levels, beside one of another kind; and the digest of the two."""
    (package / "z.md").write_bytes(b"second")
    (package / "b").mkdir()
    (package / "b" / "a.md").write_bytes(b"first")
    return hashlib.sha256(b"firstsecond").hexdigest()


def test_all_files_of_a_pattern_by_path_in_their_order(package, volumes):
    found = package_files("carrier", "data/**/*.md", volumes)
    assert list(found.items()) == [("data/b/a.md", b"first"), ("data/z.md", b"second")]
    assert "carrier" not in sys.modules


@pytest.mark.parametrize("change", ["one byte", "one more", "one less"])
def test_a_change_in_any_of_the_files_is_refused(package, volumes, change):
    if change == "one byte":
        (package / "z.md").write_bytes(b"Second")
    elif change == "one more":
        (package / "c.md").write_bytes(b"third")
    else:
        (package / "b" / "a.md").unlink()
    assert volumes in refusal("carrier", "data/**/*.md", volumes, read=package_files)


def test_a_pattern_without_any_file_is_named(package):
    message = refusal("carrier", "plays/**/*.md", "0" * 64, read=package_files)
    assert "plays/**/*.md" in message
    assert "carrier" in message
