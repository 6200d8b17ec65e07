"""Points of two interleaved half circles: one input, one class, no sequence.

The lecture's first form, one-to-one. A recurrent network of one step is a network of one hidden layer: nothing flows
back through time. The data are the two moons of scikit-learn's documentation, drawn here.
"""

import numpy as np

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.data import Data, Split

TRAIN, VALID, TEST = 1000, 500, 2000
NOISE = 0.2  # standard deviation of each coordinate; the half circles have radius 1
CLASSES = ["upper", "lower"]


class Point(Task):
    """Sequences of one step."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Draw all splits and fit the baselines to the training points."""
        from rnn.tasks.baselines import logistic_regression, nearest_neighbours  # slow to import, and needed only here

        rng = stream("splits", experiment_seed, self.name, length)
        splits = {"train": draw(rng, TRAIN), "valid": draw(rng, VALID), "test": draw(rng, TEST)}
        train, test = splits["train"], splits["test"]
        points = {name: split.x[:, 0] for name, split in splits.items()}
        classes = {name: split.y for name, split in splits.items()}
        straight, strength = logistic_regression(points, classes)
        near, neighbours = nearest_neighbours(points, classes)
        most = int(np.argmax(np.bincount(train.y, minlength=2)))
        (across, up), named = test.x[0, 0], CLASSES[test.y[0]]
        upper = ", ".join(f"{100 * np.mean(split.y == 0):.1f} % of {name}" for name, split in splits.items())
        card = {
            "source": "generated",
            "licence": "none needed",
            "files": {},
            "split": {name: len(split) for name, split in splits.items()},
            "input": "a point of one of two interleaved half circles of radius 1, with noise of standard deviation "
            f"{NOISE:g}",
            "target": "which half circle it is of",
            "example": f"({across:.2f}, {up:.2f}): {named}",
            "metric": self.metric,
            "unit": self.unit,
            "baselines": {
                "majority class": float(np.mean(test.y != most)),
                "logistic regression": straight,
                "nearest neighbours": near,
            },
            "trivial": "majority class",
            "classical": "nearest neighbours",
            "notes": f"balance: the upper half circle has {upper}; no straight line divides the classes, "
            f"as that of the logistic regression (C = {strength:g}); {neighbours} nearest neighbours vote; both "
            f"numbers are chosen on validation; solved below {self.solved_below} there",
        }
        return Data(
            task=self.name,
            length=length,
            inputs="dense",
            n_inputs=2,
            n_outputs=2,
            loss="cross-entropy",
            at="last",
            metric_scale=1.0,
            valid=splits["valid"],
            test=test,
            train=train,
            card=card,
            scored_by="errors",
        )


def draw(rng: np.random.Generator, n: int, noise: float = NOISE) -> Split:
    """Return n points, x (N, 1, 2), and their classes (N,), 0 for the upper half circle and 1 for the lower one.

    The upper one is around (0, 0), the lower one around (1, 1/2), so that each ends inside the other.
    """
    y = rng.integers(2, size=n, dtype=np.int32)
    angle = rng.uniform(0, np.pi, n)
    upper = np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    x = np.where(y[:, None] == 0, upper, [1, 0.5] - upper) + noise * rng.normal(size=(n, 2))
    return Split(x[:, None].astype(np.float32), y, np.ones(n, np.int64))


POINT = Point(
    name="point",
    title="Which of two half circles is a point of?",
    family="other forms",
    form="one-to-one",
    metric="error rate",
    unit="",
    natural_length=1,
    min_length=1,
    max_length=1,
    solved_below=0.05,
)
