"""Downloads from a server on this machine: what is resumed, what is kept, and the sentence of each failure."""

import errno
import hashlib
import io
import os
import runpy
import socket
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from tqdm import tqdm

from tests.workflow.served import Served, serving
from workflow import cache
from workflow.download import CHUNK
from workflow.originals import digest_of

CONTENT = bytes(range(256)) * 2000  # of several chunks


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, whatever the machine says of proxies."""
    monkeypatch.setattr(cache.pooch, "os_cache", lambda project: tmp_path / "cache")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "cache"


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(Served(CONTENT)) as served:
        yield served


def fetch(monkeypatch: pytest.MonkeyPatch, folder: Path, url: str, extra: str = "", **digest: str) -> bytes:
    """Run the step as a command; return what it wrote."""
    experiment, output = folder.parent / "x.yaml", folder.parent / "out" / "file.txt"
    kind, value = next(iter(digest.items())) if digest else ("sha256", hashlib.sha256(CONTENT).hexdigest())
    experiment.write_text(
        "title: A test\nseed: 1\nseeds: 1\ncells: [rnn]\ntuning: {learning_rates: [0.1]}\n"
        "tasks: {hello: {lengths: [4], steps: 1}}\n"
        f'files: {{file.txt: {{url: "{url}", {kind}: "{value}"{extra}}}}}\n'
    )
    arguments = ["--name", "file.txt", "--experiment", str(experiment), "--output", str(output)]
    monkeypatch.setattr(sys, "argv", ["fetch", *arguments])
    runpy.run_module("workflow.steps.fetch", run_name="__main__")
    assert [path.name for path in output.parent.iterdir()] == ["file.txt"]
    return output.read_bytes()


def refusal(monkeypatch: pytest.MonkeyPatch, folder: Path, url: str, extra: str = "", **digest: str) -> str:
    """Return the sentence of a step that fails and writes nothing."""
    with pytest.raises(SystemExit) as ended:
        fetch(monkeypatch, folder, url, extra, **digest)
    assert not (folder.parent / "out" / "file.txt").exists()
    told = str(ended.value)
    assert "\n" not in told
    assert told.endswith(".")
    return told


def test_a_file_is_downloaded_once(
    folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert fetch(monkeypatch, folder, served.url) == CONTENT
    assert served.ranges == [""]
    kept = f"sha256-{hashlib.sha256(CONTENT).hexdigest()}"
    assert sorted(path.name for path in folder.iterdir()) == [".lock", kept]
    (folder / kept).write_bytes(b"spoilt")
    assert fetch(monkeypatch, folder, served.url) == CONTENT
    assert served.ranges == ["", ""]
    assert capfd.readouterr().err == ""  # no bar where there is no terminal


def test_a_bar_is_shown_on_a_terminal(folder: Path, served: Served) -> None:
    terminal = io.StringIO()
    original = cache.Original(url=served.url, sha256=hashlib.sha256(CONTENT).hexdigest())
    with tqdm(total=1, desc="file.txt", file=terminal, mininterval=0) as bar:
        cache.cached("file.txt", original, bar)
    assert "file.txt: 100%" in terminal.getvalue()
    assert f"/{len(CONTENT)} [" in terminal.getvalue()


def test_a_cut_connection_is_continued_within_a_step(
    folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.cuts = [6 * CHUNK, 3 * CHUNK + 1]
    assert fetch(monkeypatch, folder, served.url) == CONTENT
    assert served.ranges == ["", f"bytes={6 * CHUNK}-", f"bytes={9 * CHUNK}-"]


def test_the_next_command_continues(folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    served.cuts = [6 * CHUNK, 0]
    told = refusal(monkeypatch, folder, served.url)
    assert f"The download of {served.url} broke off after {6 * CHUNK} bytes: give the same command again" in told
    assert fetch(monkeypatch, folder, served.url) == CONTENT
    assert served.ranges == ["", f"bytes={6 * CHUNK}-", f"bytes={6 * CHUNK}-"]


def test_a_server_without_ranges_sends_all_again(folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    served.knows_ranges = False
    served.cuts = [6 * CHUNK]
    assert fetch(monkeypatch, folder, served.url) == CONTENT
    assert served.ranges == ["", f"bytes={6 * CHUNK}-"]


@pytest.mark.parametrize("left", [b"another state of it", CONTENT + b"and more", CONTENT])
def test_what_an_earlier_attempt_left_is_dropped_where_it_does_not_fit(
    left: bytes, folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    (folder / f"sha256-{hashlib.sha256(CONTENT).hexdigest()}.part").write_bytes(left)
    assert fetch(monkeypatch, folder, served.url) == CONTENT
    assert served.ranges == [f"bytes={len(left)}-", ""]


@pytest.mark.parametrize("content", [CONTENT[:-1], b"", b"X" + CONTENT[1:]], ids=["truncated", "empty", "changed"])
def test_another_file_is_refused_with_both_digests(
    content: bytes, folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.content = content
    told = refusal(monkeypatch, folder, served.url)
    for part in (
        "file.txt",
        served.url,
        f"{len(content)} bytes",
        *(hashlib.sha256(c).hexdigest() for c in (content, CONTENT)),
    ):
        assert part in told
    assert "changed at its source or on its way" in told
    assert [path.name for path in folder.iterdir()] == [".lock"]


@pytest.mark.parametrize(("status", "reason"), [(404, "Not Found"), (503, "Service Unavailable")])
def test_the_server_s_refusal_is_told(
    status: int, reason: str, folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.status = status
    told = refusal(monkeypatch, folder, served.url)
    assert told.startswith(f"{served.url} cannot be downloaded: 127.0.0.1 answers {status} {reason}. ")
    assert "data_mirror=FOLDER" in told


def test_no_connection(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens
        told = refusal(monkeypatch, folder, f"http://127.0.0.1:{closed.getsockname()[1]}/file.txt")
    assert "there is no connection to 127.0.0.1. Connect this machine to the network" in told


def test_a_name_that_cannot_be_resolved(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    told = refusal(monkeypatch, folder, "http://files.invalid/file.txt")
    assert "there is no connection to files.invalid" in told


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.exceptions.SSLError(), "the certificate of example.org is not accepted"),
        (requests.exceptions.ConnectTimeout(), "example.org does not answer"),
        (requests.exceptions.ReadTimeout(), "example.org does not answer"),
    ],
)
def test_other_trouble_on_the_way(error: Exception, words: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(requests, "get", fail)
    assert words in refusal(monkeypatch, folder, "https://example.org/file.txt")


@pytest.mark.parametrize("full", ["cache", "out"])
def test_a_full_disk(full: str, folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*{"cache": ("workflow.download._transfer", fail), "out": ("shutil.copyfile", fail)}[full])
    told = refusal(monkeypatch, folder, served.url)
    assert told == (
        f"The disk of {folder.parent / full} is full: make room, then give the same command again, which continues."
    )


def test_a_cache_that_takes_nothing(folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write_text("a file where the folder should be")
    told = refusal(monkeypatch, folder, served.url)
    assert told.startswith(f"{folder} cannot be written to (")


def test_a_git_blob_is_the_sha1_of_a_header_and_the_content(
    tmp_path: Path, folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id of b"hello\\n" is what `git hash-object` prints; of the empty file everybody knows it."""
    served.content = b"hello\n"
    blob = "ce013625030ba8dba906f756967f9e9ca394464a"
    assert hashlib.sha1(b"blob 6\0hello\n").hexdigest() == blob
    assert fetch(monkeypatch, folder, served.url, git_blob=blob) == b"hello\n"
    (tmp_path / "empty").touch()
    assert digest_of(tmp_path / "empty", "git-blob") == "git-blob:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def archive(kind: str, name: str) -> bytes:
    packed = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(packed, "w") as opened:
            opened.writestr(name, CONTENT)
    else:
        with tarfile.open(fileobj=packed, mode="w:gz") as opened:
            entry = tarfile.TarInfo(name)
            entry.size = len(CONTENT)
            opened.addfile(entry, io.BytesIO(CONTENT))
    return packed.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_member_is_taken_out_of_an_archive(
    kind: str, folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.content = archive(kind, "some folder/one.txt")
    assert fetch(monkeypatch, folder, served.url, ", member: some folder/one.txt") == CONTENT
    assert len(list(folder.iterdir())) == 2  # the lock and the member


@pytest.mark.parametrize("kind", ["zip", "tar", "neither"])
def test_an_archive_without_the_member_is_refused(
    kind: str, folder: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.content = b"<html>" if kind == "neither" else archive(kind, "other.txt")
    told = refusal(monkeypatch, folder, served.url, ", member: one.txt")
    assert f"{served.url} is not an archive that holds one.txt, so it was changed" in told
    assert [path.name for path in folder.iterdir()] == [".lock"]
