"""The next character in tiny Shakespeare, the text of Karpathy's char-rnn, in windows of T characters.

The first 90 % of the text are for training, the next 5 % for validation and the last 5 % for testing, so that speeches
that follow one another are in different splits at two places alone. Unlike in `shakespeare`, the names of the speakers
are part of the text.
"""

from hashlib import sha256

from rnn.errors import DataError
from rnn.tasks.base import Task
from rnn.tasks.characters import DIMENSION, RARE, STRETCH, cut
from rnn.tasks.data import Data
from rnn.tasks.files import original_file

FILE = "tinyshakespeare.txt"
ENDS = 0.9, 0.95  # of training and validation, as shares of the text
STRETCHES = {"valid": 20, "test": 80}


class TinyShakespeare(Task):
    """Windows of T characters, split by their place in the text."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the text, cut it into windows, and fit and score the n-gram models."""
        content = original_file(self.folder, FILE)
        try:
            text = content.decode("ascii")
        except UnicodeDecodeError as error:
            raise DataError(f"{FILE} is not the ASCII text that was expected ({error}): download it again.") from error
        parts = split(text)
        found = cut({part: [piece] for part, piece in parts.items()}, length, STRETCHES)
        sizes = ", ".join(f"{len(piece):,} of {part}" for part, piece in parts.items())
        card = {
            "source": f"tiny Shakespeare: {len(text):,} characters from plays of William Shakespeare, with the names "
            "of the speakers, collected by Andrej Karpathy (2015): data/tinyshakespeare/input.txt of the GitHub "
            "repository karpathy/char-rnn",
            "licence": "plays in the public domain; the repository is under the MIT licence, as its readme says",
            "files": {FILE: sha256(content).hexdigest()},
            "input": f"windows of {length} characters of {len(found.symbols)} symbols and one for all that occur less "
            f"than {RARE} times in training, each symbol a trained vector of {DIMENSION} values",
            "target": "the next character, at every step",
            "notes": f"split by place in the text, training first, then validation, then test ({sizes}, in "
            f"characters); training is cut into windows that follow one another; "
            f"{found.splits['valid'].y.size:,} validation and {found.splits['test'].y.size:,} test characters, in "
            f"stretches of {STRETCH} spread evenly over their parts and the same at every length that divides "
            f"{STRETCH}; the state is not carried over from one window to the next, so results are not those of "
            "studies that carry it; the n-gram model sees the same windows, but has read all of the training text "
            f"(order {found.order}, chosen on validation; Witten-Bell smoothing)",
        }
        return found.data(self, length, card)


def split(text: str) -> dict[str, str]:
    """Cut a text into the part of each split."""
    train, valid = (round(share * len(text)) for share in ENDS)
    return {"train": text[:train], "valid": text[train:valid], "test": text[valid:]}


TINY_SHAKESPEARE = TinyShakespeare(
    name="tiny-shakespeare",
    title="The next character in tiny Shakespeare",
    family="character sequences",
    form="many-to-many",
    metric="cross-entropy",
    unit="bits a character",
    min_length=2,
    max_length=STRETCH,
    originals=(FILE,),
)
