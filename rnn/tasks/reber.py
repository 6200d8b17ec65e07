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

from rnn.scores import illegal
from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split
from rnn.tasks.ngram import NGram

SYMBOLS = "BTSXPVE"
LONGEST = 24  # symbols; longer strings, .8 % of all, would cost steps that hardly any string has
TRAIN, VALID, TEST = 256, 256, 512  # training as published
ORDER = 8  # of the largest n-gram model that is tried


@dataclass(frozen=True)
class Grammar:
    """A finite automaton: ``states[i]`` maps each legal symbol to the next state; ``len(states)`` is the end.

    State 0 is the start, and each legal symbol of a state has the same probability.
    """

    states: tuple[Mapping[str, int], ...]

    @property
    def _transient(self) -> NDArray[np.float64]:
        """Probabilities of going from each state to each, Q of the chain; what is missing to 1 goes to the end."""
        n = len(self.states)
        q = np.zeros((n, n))
        for i, after in enumerate(self.states):
            for j in after.values():
                if j < n:
                    q[i, j] += 1 / len(after)
        return q

    @property
    def visits(self) -> NDArray[np.float64]:
        """Expected number of visits to each state in a string, one symbol each: the first row of (I - Q)^-1."""
        q = self._transient
        unit = np.eye(len(q))
        return np.asarray(np.linalg.solve((unit - q).T, unit[0]))

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

    def longer_than(self, longest: int) -> float:
        """Return the probability of a string of more symbols: that the end is not reached in as many steps."""
        return float(np.add.reduce(np.linalg.matrix_power(self._transient, longest)[0]))

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


class EmbeddedReber(Task):
    """Next symbol of strings of up to ``LONGEST`` symbols; no string stands in two splits."""

    def n_steps(self, length: int) -> int:
        """Return the predicted symbols of the longest string, all but its first."""
        return length - 1

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Draw the strings of each split and score the baselines."""
        strings = draw_splits(stream("splits", experiment_seed, self.name, length), length)
        splits = {name: examples(drawn, self.n_steps(length)) for name, drawn in strings.items()}
        train, test = splits["train"], splits["test"]
        scores = {name: ngram_scores(strings["train"], splits[name]) for name in ("valid", "test")}
        best = int(np.argmin([mistakes(p, splits["valid"]) for p in scores["valid"]]))
        sizes = {name: np.array([len(string) for string in drawn]) for name, drawn in strings.items()}
        t_second = ", ".join(
            f"{100 * np.mean(split.y[:, 0] == SYMBOLS.index('T')):.1f} % of {name}" for name, split in splits.items()
        )
        card = {
            "source": "generated",
            "licence": "none needed",
            "files": {},
            "split": {name: len(split) for name, split in splits.items()},
            "input": f"one-hot symbols of {', '.join(SYMBOLS)}: all of a string but the last",
            "target": "the next symbol, at every step",
            "example": strings["test"][0],
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {
                "symbol frequencies": mistakes(scores["test"][0], test),
                "n-gram": mistakes(scores["test"][best], test),
            },
            "trivial": "symbol frequencies",
            "classical": "n-gram",
            "notes": "a string is right if at each step all legal next symbols have higher outputs than all illegal "
            f"ones; strings of more than {length} symbols, {100 * EMBEDDED.longer_than(length):.2g} % of all, are left "
            "out; as many training strings as published, drawn with repetition, "
            f"{len(set(strings['train']))} different ones, which can be learned by heart to less than the grammar's "
            "entropy; then new strings, each once, for validation and test, which are rarer and so longer: "
            f"{sizes['test'].mean():.1f} symbols in the mean and at least {sizes['test'].min()}, in training "
            f"{sizes['train'].mean():.1f} and {sizes['train'].min()}; the n-gram sees up to {best} symbols (chosen on "
            f"validation); bits a symbol: {EMBEDDED.bits_a_symbol:.4f} is the grammar's entropy over all strings, on "
            f"the test strings {legal_bits(test):.3f} with all legal symbols alike, "
            f"{bits(test, scores['test'][0]):.3f} by symbol frequencies, {bits(test, scores['test'][best]):.3f} by the "
            f"n-gram; balance: T is the second symbol of {t_second}; solved where no validation string has a mistake; "
            "gradients by lag are of the loss at the last step, which asks for the E that ends every string, not for "
            "the symbol before it, which repeats the second",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="one-hot",
            n_inputs=len(SYMBOLS),
            n_outputs=len(SYMBOLS),
            loss="cross-entropy",
            at="every",
            metric_scale=1.0,
            valid=splits["valid"],
            test=test,
            train=train,
            card=card,
            scored_by="illegal",
            symbols=list(SYMBOLS),
            classes=list(SYMBOLS),
        )


def draw_splits(rng: np.random.Generator, longest: int) -> dict[str, list[str]]:
    """Draw training strings, with repetition, then different ones that are not among them for the other splits."""

    def draw() -> str:
        while len(string := EMBEDDED.draw(rng)) > longest:
            pass
        return string

    train = [draw() for _ in range(TRAIN)]
    new: dict[str, None] = {}  # in the order in which they were drawn
    known = set(train)
    while len(new) < VALID + TEST:
        if (string := draw()) not in known:
            new[string] = None
    others = list(new)
    return {"train": train, "valid": others[:VALID], "test": others[VALID:]}


def ngram_scores(train: Sequence[str], split: Split) -> NDArray[np.float64]:
    """Return the probability of each symbol at each step by n-gram models of orders 1, 2, ...: (order, N, T, 7).

    Order 1 are the symbol frequencies.
    """
    model = NGram([np.array([SYMBOLS.index(symbol) for symbol in string]) for string in train], len(SYMBOLS), ORDER)
    each = (model.probabilities(split.x, np.full_like(split.x, symbol)) for symbol in range(len(SYMBOLS)))
    return np.stack(list(each), axis=-1)


def mistakes(scores: NDArray[np.float64], split: Split) -> float:
    """Return the share of strings in which at some step the scores (N, T, 7) do not put the legal symbols on top."""
    there = np.arange(scores.shape[1]) < split.n[:, None]
    return float(np.mean((there & illegal(scores, np.asarray(split.legal))).any(axis=1)))


def bits(split: Split, p: NDArray[np.float64]) -> float:
    """Return the mean cross-entropy of probabilities (N, T, 7), in bits a symbol."""
    of_target = np.take_along_axis(p, split.y[..., None].astype(np.intp), axis=-1)[..., 0]
    there = np.arange(p.shape[1]) < split.n[:, None]
    return float(-np.mean(np.log2(of_target[there])))


def legal_bits(split: Split) -> float:
    """Return the mean cross-entropy of who gives all legal symbols the same probability, in bits a symbol."""
    legal = np.asarray(split.legal)
    return bits(split, legal / np.maximum(legal.sum(axis=-1, keepdims=True), 1))


def examples(strings: Sequence[str], steps: int | None = None) -> Split:
    """Return strings as sequences to predict: x all symbols but the last, y all but the first.

    Parameters
    ----------
    steps
        T; None: as many as the longest of these strings has.

    Returns
    -------
    x and y (N, T) as indices of ``SYMBOLS``, 0 in the padding; n (N,), a string's symbols less one; the legal targets.

    Raises
    ------
    ValueError
        A string does not belong to the grammar.
    """
    n = np.array([len(string) - 1 for string in strings])
    x, y = (np.zeros((len(strings), n.max() if steps is None else steps), np.int32) for _ in range(2))
    for i, string in enumerate(strings):
        symbols = [SYMBOLS.index(symbol) for symbol in string]
        x[i, : n[i]], y[i, : n[i]] = symbols[:-1], symbols[1:]
    legal = np.zeros((*x.shape, len(SYMBOLS)), bool)
    legal[:, : n.max()] = legal_targets(strings)
    return Split(x, y, n, legal)


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


REBER_TASK = EmbeddedReber(
    name="reber",
    title="Embedded Reber grammar, next symbol",
    family="character sequences",
    form="many-to-many",
    metric="share of strings with a mistake",
    unit="",
    natural_length=LONGEST,
    min_length=LONGEST,
    max_length=LONGEST,
    solved_below=1 / VALID,
    axis="n",
    axis_title="symbols of the longest string",
)
