"""The embedded Reber grammar: strings whose last but one symbol repeats the second, whatever stands between.

The automaton is that of Reber (1967) as drawn by Cleeremans, Servan-Schreiber & McClelland (1989); two copies of it
stand between a T or P and the same symbol again (Hochreiter & Schmidhuber 1997, section 5.1). Where two symbols are
legal, each has probability 1/2. Expected values follow from the automaton as an absorbing Markov chain (Kemeny & Snell
1960, chapter 3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnn.tasks.data import Split

SYMBOLS = "BTSXPVE"


@dataclass(frozen=True)
class Grammar:
    """A finite automaton: ``states[i]`` maps each legal symbol to the next state; ``len(states)`` is the end.

    State 0 is the start, and each legal symbol of a state has the same probability.
    """

    states: tuple[Mapping[str, int], ...]

    @property
    def visits(self) -> NDArray[np.float64]:
        """Expected number of visits to each state in a string, one symbol each: the first row of (I - Q)^-1."""
        n = len(self.states)
        q = np.zeros((n, n))
        for i, after in enumerate(self.states):
            for j in after.values():
                if j < n:
                    q[i, j] += 1 / len(after)
        start = np.eye(n)[0]
        return np.asarray(np.linalg.solve((np.eye(n) - q).T, start))

    @property
    def mean_length(self) -> float:
        """Expected number of symbols of a string."""
        return float(np.add.reduce(self.visits))

    @property
    def shortest(self) -> int:
        """Number of symbols of the shortest string."""
        reached, steps = {0}, 0
        while len(self.states) not in reached:
            reached = {after for state in reached for after in self.states[state].values()}
            steps += 1
        return steps

    @property
    def entropy(self) -> float:
        """Entropy of a string, in bits: the sum of those of its choices, since a string has one path."""
        return float(self.visits @ np.log2([len(after) for after in self.states]))

    @property
    def bits_a_symbol(self) -> float:
        """The least mean cross-entropy of predicting each symbol but the first from those before it, in bits.

        Entropy of a string over expected number of predicted symbols, as many strings give it.
        """
        return self.entropy / (self.mean_length - 1)

    def draw(self, rng: np.random.Generator) -> str:
        """Return a random string."""
        string, state = [], 0
        while state < len(self.states):
            legal = list(self.states[state])
            symbol = legal[rng.integers(len(legal))]
            string.append(symbol)
            state = self.states[state][symbol]
        return "".join(string)

    def legal_next(self, string: str) -> list[str]:
        """Return for each symbol of a string which symbols may come next; none after the last of a whole string.

        Raises
        ------
        ValueError
            A symbol is not legal where it stands.
        """
        state, legal = 0, []
        for place, symbol in enumerate(string):
            after = self.states[state] if state < len(self.states) else {}
            if symbol not in after:
                raise ValueError(f"{symbol!r} is not legal as symbol {place + 1} of {string!r}.")
            state = after[symbol]
            legal.append("".join(self.states[state]) if state < len(self.states) else "")
        return legal


def embed(inner: Grammar) -> Grammar:
    """Return the grammar B, T or P, a string of ``inner``, the same T or P again, E."""
    size = len(inner.states)
    starts = {"T": 2, "P": 2 + size + 1}
    last = 2 + 2 * (size + 1)
    states: list[Mapping[str, int]] = [{"B": 1}, starts]
    for symbol, start in starts.items():
        states += [{s: start + after for s, after in state.items()} for state in inner.states]
        states.append({symbol: last})
    return Grammar((*states, {"E": last + 1}))


REBER = Grammar(
    (
        {"B": 1},
        {"T": 2, "P": 3},
        {"S": 2, "X": 4},
        {"T": 3, "V": 5},
        {"X": 3, "S": 6},
        {"P": 4, "V": 6},
        {"E": 7},
    )
)
EMBEDDED = embed(REBER)


def examples(strings: Sequence[str]) -> Split:
    """Return strings as sequences to predict: x all symbols but the last, y all but the first.

    Returns
    -------
    x and y (N, T) as indices of ``SYMBOLS``, 0 in the padding; n (N,), a string's symbols less one.
    """
    n = np.array([len(string) - 1 for string in strings])
    x, y = (np.zeros((len(strings), n.max()), np.int32) for _ in range(2))
    for i, string in enumerate(strings):
        symbols = [SYMBOLS.index(symbol) for symbol in string]
        x[i, : n[i]], y[i, : n[i]] = symbols[:-1], symbols[1:]
    return Split(x, y, n)


def legal_targets(strings: Sequence[str], grammar: Grammar = EMBEDDED) -> NDArray[np.bool_]:
    """Return which symbols are legal targets at each step of ``examples(strings)``: (N, T, 7), none in the padding.

    Whether the most active outputs are the legal ones is the published criterion of success.

    Raises
    ------
    ValueError
        A string does not belong to the grammar.
    """
    legal = np.zeros((len(strings), max(map(len, strings)) - 1, len(SYMBOLS)), bool)
    for i, string in enumerate(strings):
        for t, symbols in enumerate(grammar.legal_next(string)[:-1]):
            legal[i, t, [SYMBOLS.index(symbol) for symbol in symbols]] = True
    return legal
