"""The engines of others, or one sentence where they are not installed."""

try:
    from benchmarks.peers_jax import JaxLoop, JaxVmap
    from benchmarks.peers_torch import TorchModules, TorchStacked
except ModuleNotFoundError as missing:
    raise SystemExit(
        f"{missing.name} is not installed here: the peers have an environment of their own. "
        "`make bench` makes it; then run this with .venv-peers/bin/python."
    ) from None

__all__ = ["JaxLoop", "JaxVmap", "TorchModules", "TorchStacked"]
