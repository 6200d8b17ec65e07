"""The list of peers can be installed beside the project's own versions, and its absence is said in one sentence."""

import importlib
import re
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PIN = re.compile(r"^([a-z0-9]+)==([\w.+]+)(?: ; ((?:python_full_version|sys_platform) [=<>!]+ [\"'][\w.]+[\"']))?$")


def pins() -> dict[tuple[str, str], str]:
    """Return versions by name and marker."""
    lines = (PROJECT / "benchmarks/peers.txt").read_text().splitlines()
    found = [PIN.match(line) for line in lines if not line.startswith("#")]
    assert all(found)
    return {(pin[1], (pin[3] or "").replace('"', "'")): pin[2] for pin in found}


def test_list_pins_the_peers_and_names_no_index():
    versions = pins()
    assert {"torch", "jax"} <= {name for name, _ in versions}
    assert versions["jax", ""] == versions["jaxlib", ""]


def test_our_engine_runs_there_with_the_versions_of_the_lock():
    lock = (PROJECT / "requirements.lock").read_text()
    for (name, marker), version in pins().items():
        if name not in ("torch", "jax", "jaxlib"):
            assert f"{name}=={version} " + (f"; {marker} \\" if marker else "\\") in lock


def test_missing_peer_is_said_in_one_sentence(monkeypatch):
    for name in ("benchmarks.peers", "benchmarks.peers_jax", "benchmarks.peers_torch"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(SystemExit, match=r"^jax is not installed here: .* `make bench` makes it"):
        importlib.import_module("benchmarks.peers")
