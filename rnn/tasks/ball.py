"""A ball in a box: where is it at the next step, when only where it is now can be seen?

The ball flies straight at constant speed in a box of side 1 and is reflected by its walls. Start, direction and speed
are drawn for each sequence. The velocity has to be inferred from earlier positions, so that no memoryless o_t = f(x_t)
can do this: the lecture's reason for a state.
"""

import numpy as np
from numpy.typing import NDArray

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split

VALID, TEST = 256, 1024
SLOWEST, FASTEST = 0.05, 0.15  # of the side of the box, a step
PER_CENT = 100.0
PAIRS = 20_000  # that the memoryless predictor is fitted to
LEAVES = (50, 100, 200, 400, 800)  # fewest pairs in a leaf of its tree

Positions = NDArray[np.floating]


class Ball(Task):
    """Sequences of T positions; training sequences are drawn anew for every batch."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Draw validation and test sequences, and score the baselines."""
        rng = stream("splits", experiment_seed, self.name, length)
        valid, test = draw(rng, VALID, length), draw(rng, TEST, length)
        memoryless, leaf = fit_memoryless(draw(rng, -(-PAIRS // length), length), valid, test)
        line = extrapolation(test.x)
        predicted = {
            "persistence": test.x,
            "memoryless": memoryless,
            "linear extrapolation": line,
            "reflected extrapolation": reflected(line + 0.5) - 0.5,
        }
        now, after = (f"({across:.1f}, {up:.1f})" for across, up in PER_CENT * (test.x[0, :2] + 0.5))
        card = {
            "source": "generated",
            "licence": "none needed",
            "files": {},
            "split": {"train": "drawn anew for every batch", "valid": VALID, "test": TEST},
            "input": "both coordinates of the ball, from -1/2 to 1/2 of the side of the box",
            "target": "both coordinates one step later, at every step",
            "example": f"from {now} to {after} % of the side in the first step",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {name: squared_error(o, test.y) for name, o in predicted.items()},
            "trivial": "persistence",
            "classical": "memoryless",
            "notes": f"all starts and directions are alike, and all speeds from {SLOWEST:g} to {FASTEST:g} of the side "
            "a step; at the first step of a sequence nothing says what the velocity is, and its error counts in every "
            f"score; the memoryless predictor is a regression tree on the position alone, fitted to {PAIRS} positions, "
            f"at least {leaf} in a leaf (chosen on validation); a line through the last two positions knows no "
            "walls unless it is reflected at them, and at the first step it stays where it is",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="dense",
            n_inputs=2,
            n_outputs=2,
            loss="mse",
            at="every",
            metric_scale=PER_CENT**2,
            valid=valid,
            test=test,
            train=None,
            card=card,
        )

    def batch(self, data: Data, rng: np.random.Generator, size: int) -> Split:
        """Draw new sequences."""
        return draw(rng, size, data.length)


def draw(rng: np.random.Generator, n: int, length: int) -> Split:
    """Return n sequences: positions less 1/2, x (N, T, 2), and those one step later, y of the same shape."""
    start = rng.random((n, 1, 2))
    angle, speed = rng.uniform(0, 2 * np.pi, (n, 1)), rng.uniform(SLOWEST, FASTEST, (n, 1, 1))
    velocity = speed * np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    path = (reflected(start + velocity * np.arange(length + 1)[:, None]) - 0.5).astype(np.float32)
    return Split(path[:, :-1], path[:, 1:], np.full(n, length))


def reflected(straight: Positions) -> Positions:
    """Return where a ball is between walls at 0 and 1 that without walls would have come to ``straight``, any shape.

    Mirror images of the box tile the line, so that the position is a triangle wave of period 2.
    """
    return np.asarray(1 - np.abs(1 - straight % 2))


def expected_persistence() -> float:
    """Return the expected squared error of a coordinate that stays where it is, in squares of the side.

    All positions are equally likely at every step. A coordinate of speed v < 1 meets a wall with probability v and then
    moves by a number from U[-v, v]; else by v. Its square has the mean v^2 (1 - v) + v^3 / 3; over all directions of
    speed s, v^2 has mean s^2 / 2 and v^3 has 4 s^3 / (3 pi).
    """
    second, third = speed_moment(2), speed_moment(3)
    return float(second / 2 - 8 / (9 * np.pi) * third)


def speed_moment(power: int) -> float:
    """Return the mean of a power of the speed."""
    return (FASTEST ** (power + 1) - SLOWEST ** (power + 1)) / ((power + 1) * (FASTEST - SLOWEST))


def extrapolation(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each position of (N, T, 2) moved as far again as in the step before it; the first as it is."""
    return x + np.diff(x, axis=1, prepend=x[:, :1])


def squared_error(o: NDArray[np.float32], y: NDArray[np.float32]) -> float:
    """Return the mean squared error of a coordinate, in squares of a hundredth of the side."""
    return float(np.mean((PER_CENT * (o - y)) ** 2, dtype=np.float64))


def fit_memoryless(train: Split, valid: Split, test: Split) -> tuple[NDArray[np.float32], int]:
    """Predict the next position from the present one alone by a regression tree for the move.

    Returns
    -------
    Predictions for ``test``, (N, T, 2), and the fewest pairs in a leaf: those of ``LEAVES`` that have the lowest error
    on validation, the smallest first.
    """
    from sklearn.tree import DecisionTreeRegressor  # slow to import, and needed only here

    now, after = (part.reshape(-1, 2) for part in (train.x, train.y))
    trees = [DecisionTreeRegressor(min_samples_leaf=leaf, random_state=0).fit(now, after - now) for leaf in LEAVES]

    def predict(tree: DecisionTreeRegressor, x: NDArray[np.float32]) -> NDArray[np.float32]:
        moved = tree.predict(x.reshape(-1, 2)).reshape(x.shape)
        return np.asarray(x + moved.astype(np.float32))

    best = int(np.argmin([squared_error(predict(tree, valid.x), valid.y) for tree in trees]))
    return predict(trees[best], test.x), LEAVES[best]


BALL = Ball(
    name="ball",
    title="A ball in a box, next position",
    family="time series",
    form="many-to-many",
    metric="mean squared error of a coordinate",
    unit="(% of the side)²",
    min_length=2,
)
