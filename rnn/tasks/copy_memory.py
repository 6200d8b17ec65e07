"""Copy memory: repeat some symbols after a long delay (Arjovsky, Shah & Bengio 2016, section 4.1).

A sequence of T + 2n steps: n symbols, T - 1 blanks, a delimiter, n blanks. The target is blank but for the last n
steps, which ask for the n symbols in order. The task goes back to Hochreiter & Schmidhuber (1997).
"""

import math

import numpy as np

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split

N_SYMBOLS, N_COPIED = 8, 10  # the published sizes
VALID, TEST = 512, 2048
SOLVED = 0.1  # share of the memoryless loss
NAMES = [*map(str, range(1, N_SYMBOLS + 1)), "blank", "repeat"]  # of the input symbols


class CopyMemory(Task):
    """The length is the delay; training sequences are drawn anew for every batch."""

    def n_steps(self, length: int) -> int:
        """Return the delay, and the steps in which the symbols are shown and asked for."""
        return length + 2 * N_COPIED

    def criterion(self, length: int) -> float:
        """Return a tenth of the memoryless loss."""
        return SOLVED * memoryless_loss(length)

    def required_lag(self, length: int) -> int:
        """Return the steps from where a symbol is shown to where it is asked for, the same for all."""
        return length + N_COPIED

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Draw validation and test sequences."""
        rng = stream("splits", experiment_seed, self.name, length)
        valid, test = draw(rng, VALID, length), draw(rng, TEST, length)
        shown = " ".join(NAMES[symbol] for symbol in test.x[0, :N_COPIED])
        card = {
            "source": "generated",
            "licence": "none needed",
            "files": {},
            "split": {"train": "drawn anew for every batch", "valid": VALID, "test": TEST},
            "input": f"one-hot symbols: {N_COPIED} of {N_SYMBOLS} kinds, {length - 1} blanks, a sign to repeat, "
            f"{N_COPIED} blanks",
            "target": f"at every step: blank, and in the last {N_COPIED} steps the symbols in their order",
            "example": f"{shown}, asked for again {self.required_lag(length)} steps later",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {"memoryless, expected": memoryless_loss(length)},
            "trivial": "memoryless, expected",
            "classical": None,
            "notes": "the memoryless predictor says blank where blank is right and knows no symbol: "
            f"{N_COPIED} ln {N_SYMBOLS} / (d + {2 * N_COPIED}); solved below a tenth of it on validation, "
            f"{self.criterion(length):.3g} {self.unit}",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="one-hot",
            n_inputs=N_SYMBOLS + 2,
            n_outputs=N_SYMBOLS + 1,
            loss="cross-entropy",
            at="every",
            metric_scale=1.0,
            valid=valid,
            test=test,
            train=None,
            card=card,
            symbols=NAMES,
            classes=NAMES[:-1],
        )

    def batch(self, data: Data, rng: np.random.Generator, size: int) -> Split:
        """Draw new sequences."""
        return draw(rng, size, data.length)


def draw(rng: np.random.Generator, n: int, delay: int, n_symbols: int = N_SYMBOLS, n_copied: int = N_COPIED) -> Split:
    """Return n sequences.

    Parameters
    ----------
    delay
        T: each symbol is asked for T + ``n_copied`` steps after it was shown.
    n_symbols
        Symbols are 0 .. ``n_symbols`` - 1, the blank is ``n_symbols`` and the delimiter ``n_symbols`` + 1.

    Returns
    -------
    x (N, T + 2 n_copied) with ``n_symbols`` + 2 symbols; y of the same shape with ``n_symbols`` + 1 classes, since the
    delimiter is never asked for.

    Raises
    ------
    ValueError
        The delay or a size is below 1.
    """
    _check(delay, n_symbols, n_copied)
    blank, delimiter = n_symbols, n_symbols + 1
    steps = delay + 2 * n_copied
    symbols = rng.integers(n_symbols, size=(n, n_copied), dtype=np.int32)
    x, y = np.full((n, steps), blank, np.int32), np.full((n, steps), blank, np.int32)
    x[:, :n_copied] = y[:, -n_copied:] = symbols
    x[:, n_copied + delay - 1] = delimiter
    return Split(x, y, np.full(n, steps))


def memoryless_loss(delay: int, n_symbols: int = N_SYMBOLS, n_copied: int = N_COPIED) -> float:
    """Return the least mean cross-entropy a step without memory of the symbols: n ln(symbols) / (T + 2n), in nats.

    Blanks where blanks are asked for, all symbols alike elsewhere: it takes counting steps, but no symbol kept
    (REFERENCE A13). Parameters and errors are those of ``draw``.
    """
    _check(delay, n_symbols, n_copied)
    return n_copied * math.log(n_symbols) / (delay + 2 * n_copied)


def _check(delay: int, n_symbols: int, n_copied: int) -> None:
    if min(delay, n_symbols, n_copied) < 1:
        raise ValueError(
            "Copy memory needs a delay, symbols and copied symbols of at least 1, "
            f"not {delay}, {n_symbols} and {n_copied}."
        )


COPY = CopyMemory(
    name="copy",
    title="Copy memory: ten symbols after a delay",
    family="character sequences",
    form="many-to-many",
    metric="cross-entropy",
    unit="nats a step",
    known_lags=True,
    axis="d",
    axis_title="delay between the symbols and the sign to repeat them",
)
