"""Downloads that continue where they were cut off; every failure is told in one sentence."""

from __future__ import annotations

from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pooch
import requests
from tqdm import tqdm

from rnn.errors import DataError

TIMEOUT_S = 30.0  # without a byte
TRIES = 5  # transfers, as long as each brings something
CHUNK = 1 << 14  # bytes that are written at a time; of one that is cut off nothing is kept
REMEDY = "or give data_mirror=FOLDER, a folder that holds the original files"


def download(url: str, part: Path, bar: tqdm[Any]) -> bool:
    """Complete a file from a URL; what it holds already is not asked for again, if the server allows that.

    Returns
    -------
    bool
        Whether the file was put together from more than one transfer, so that its parts may be of different states.

    Raises
    ------
    DataError
        There is no connection, the server refuses, or the transfer broke off too often.
    OSError
        The file cannot be written.
    """
    pieces = 1 if _size(part) == 0 else 2
    for _ in range(TRIES):
        before = _size(part)
        try:
            _transfer(url, part, bar)
            return pieces > 1
        except requests.HTTPError as error:
            status = error.response.status_code
            if status != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or before == 0:
                raise DataError(
                    f"{url} cannot be downloaded: {urlsplit(url).hostname} answers {status} {error.response.reason}. "
                    f"Try later, correct the `url` of the experiment file, {REMEDY}."
                ) from error
            part.unlink()  # it holds as much as there is, or more, and was not taken for the file
            pieces = 1
        except requests.RequestException as error:
            if _size(part) == before:
                raise DataError(_sentence(url, before, error)) from error
            pieces += 1
            broken = error
    raise DataError(_sentence(url, _size(part), broken))


def _transfer(url: str, part: Path, bar: tqdm[Any]) -> None:
    with part.open("ab") as file, ExitStack() as answers:
        start = file.tell()

        def answered(response: requests.Response, **_: Any) -> None:
            answers.callback(response.close)  # pooch leaves that to the garbage collector
            if response.status_code == HTTPStatus.OK:  # the whole file, also where a part was asked for
                file.truncate(0)

        wanted = {"Range": f"bytes={start}-"} if start else {}
        fetch = pooch.HTTPDownloader(
            progressbar=False if bar.disable else bar,
            chunk_size=CHUNK,
            timeout=TIMEOUT_S,
            headers={"Accept-Encoding": "identity", **wanted},
            hooks={"response": answered},
        )
        fetch(url, file, None)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sentence(url: str, received: int, error: requests.RequestException) -> str:
    host = urlsplit(url).hostname
    if received:
        return (
            f"The download of {url} broke off after {received} bytes: give the same command again, which continues "
            f"there, {REMEDY}."
        )
    if isinstance(error, requests.exceptions.SSLError):
        return f"{url} cannot be downloaded: the certificate of {host} is not accepted. Mend that, {REMEDY}."
    if isinstance(error, requests.Timeout):
        return f"{url} cannot be downloaded: {host} does not answer. Try later, {REMEDY}."
    return (
        f"{url} cannot be downloaded: there is no connection to {host}. Connect this machine to the network, {REMEDY}."
    )
