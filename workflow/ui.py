"""MLflow's user interface on this machine: its server, and where to look."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from rnn.errors import StudyError

HOST = "127.0.0.1"
START_S = 60.0
VIEW = "workflowType=machine_learning"  # the view for training runs; the interface starts in that for language models


def check(folder: Path, port: int) -> None:
    """Make sure that there is something to show and a port to show it on.

    Raises
    ------
    StudyError
        Runs are kept elsewhere, there are none yet, or the port is taken.
    """
    elsewhere = os.environ.get("MLFLOW_TRACKING_URI")
    if elsewhere:
        raise StudyError(
            f"MLFLOW_TRACKING_URI is set, so runs are kept at {elsewhere}: look there, or unset it to see {folder}/."
        )
    if not (folder / "mlflow.db").is_file():
        raise StudyError(f"There are no runs to show yet ({folder}/mlflow.db does not exist): run an experiment first.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise StudyError(
                f"Port {port} cannot be used ({error}): choose another one, as in `make ui PORT=5001`."
            ) from error


def serve(folder: Path, port: int, experiments: Mapping[str, str]) -> None:
    """Serve until the user stops it (Ctrl-C) or the server ends.

    Raises
    ------
    StudyError
        The server does not answer.
    """
    command = (
        *(sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port), "--workers", "1"),
        *("--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}"),
        *("--artifacts-destination", str(folder / "artifacts")),
    )
    environment = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log = folder / "ui.log"
    with (
        log.open("w") as messages,
        subprocess.Popen(command, env=environment, stdout=messages, stderr=subprocess.STDOUT) as server,
    ):
        try:
            if not _answers(server, port):
                raise StudyError(f"MLflow's server did not answer on port {port}: its messages are in {log}.")
            print(f"MLflow shows the runs at http://{HOST}:{port}/#/experiments?{VIEW}")
            for name, number in sorted(experiments.items()):
                print(f"  {name}: http://{HOST}:{port}/#/experiments/{number}?{VIEW}")
            print("Ctrl-C stops it.", flush=True)
            server.wait()
        except KeyboardInterrupt:
            print("Stopped.")
        finally:
            server.terminate()


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=2):
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    return False
