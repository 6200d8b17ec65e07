"""Copy memory: repeat some symbols after a long delay (Arjovsky, Shah & Bengio 2016, section 4.1).

A sequence of T + 2n steps: n symbols, T - 1 blanks, a delimiter, n blanks. The target is blank but for the last n
steps, which ask for the n symbols in order. The task goes back to Hochreiter & Schmidhuber (1997).
"""

import math

import numpy as np

from rnn.tasks.data import Split

N_SYMBOLS, N_COPIED = 8, 10  # the published sizes


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
