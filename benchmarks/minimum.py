"""What exact back-propagation through time must keep of every step, counted by hand."""

from benchmarks.problem import Setting

# arrays of H numbers a step, sequence and seed, without computing any product twice; tanh(c) follows from c
KEPT = {
    "rnn": ("h",),
    "lstm": ("i", "f", "o", "g", "c", "h"),
    "gru": ("r", "u", "a", "n", "h"),
}


def kept_bytes(setting: Setting, seeds: int) -> int:
    """Return the bytes of float32 that must be kept of ``seeds`` seeds; the inputs are the caller's."""
    return 4 * len(KEPT[setting.cell]) * setting.hidden * setting.steps * setting.batch * seeds
