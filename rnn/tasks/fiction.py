"""The next jamo in Korean fiction of the years 1921 to 1936, in windows of T jamo.

Eight stories by five authors who died before 1945. Whole stories make up each split.
"""

import re
import unicodedata
from hashlib import sha256

from rnn.errors import DataError
from rnn.streams import stream
from rnn.tasks.base import Task
from rnn.tasks.characters import DIMENSION, RARE, STRETCH, cut, draw_split
from rnn.tasks.data import Data
from rnn.tasks.files import original_file
from rnn.tasks.jamo import decompose

FOLDER = "korean_fiction"
WORKS = {  # by the name of the file: author and year
    "B사감과러브레터": "현진건 1925",
    "날개": "이상 1936",
    "동백꽃": "김유정 1936",
    "술권하는사회": "현진건 1921",
    "운수좋은날": "현진건 1924",
    "원고료이백원": "강경애 1935",
    "탈출기": "최서해 1925",
    "홍염": "최서해 1927",
}
FILES = {title: f"{FOLDER}/{title}.txt" for title in WORKS}
PARTS = {"valid": 1, "test": 1}  # works; the others are for training
STRETCHES = {"valid": 20, "test": 25}

# what a transcription holds beside the story; an author's name has blanks between its three syllables
_HEAD = re.compile(r"\A(?:.+\n)?\w \w \w\n")
_FRAME = re.compile(r"^(?:\[목차\]|\d+\. .+|― ?[『《].+|<끝>)$\n?", re.MULTILINE)


class Fiction(Task):
    """Windows of T jamo, split by stories."""

    def prepare(self, length: int, experiment_seed: int) -> Data:
        """Split the stories, cut them into windows, and fit and score the n-gram models."""
        contents = {title: original_file(self.folder, name) for title, name in FILES.items()}
        stories = {title: decompose(story(content, FILES[title])) for title, content in contents.items()}
        titles = draw_split(list(stories), PARTS, stream("splits", experiment_seed, self.name))
        found = cut({part: [stories[title] for title in titles[part]] for part in titles}, length, STRETCHES)
        stated = {part: ", ".join(f"{title} ({WORKS[title]})" for title in titles[part]) for part in titles}
        card = {
            "source": f"{len(WORKS)} stories by Hyun Jin-geon, Yi Sang, Kim You-jeong, Kang Kyeong-ae and Choe "
            "Seo-hae, as transcribed in the GitHub repositories juuuuunyy/txt, kim-juwan/wordcloud and "
            "9033/tensorflow_test",
            "licence": "works out of copyright, their authors having died from 1932 to 1944; the transcriptions carry "
            "no licence",
            "files": {FILES[title]: sha256(content).hexdigest() for title, content in contents.items()},
            "input": f"windows of {length} jamo and other signs, {len(found.symbols)} symbols and one for all that "
            f"occur less than {RARE} times in the training stories (most are Chinese characters), each symbol a "
            f"trained vector of {DIMENSION} values; syllables are decomposed by Unicode NFD, blanks in a row are one, "
            "and so are ends of lines",
            "target": "the next jamo, at every step",
            "notes": f"split by whole stories: validation {stated['valid']}; test {stated['test']}; training "
            f"{stated['train']}, {found.trained:,} jamo; an author's works may stand in two splits; training is cut "
            f"into windows that follow one another; {found.splits['valid'].y.size:,} validation and "
            f"{found.splits['test'].y.size:,} test jamo, in stretches of {STRETCH} spread evenly over the stories and "
            f"the same at every length that divides {STRETCH}; titles, names of authors, tables of contents and the "
            "journals of first print are removed; the state is not carried over from one window to the next; bits are "
            "for a jamo, of which a syllable has two or three; the n-gram model sees the same windows, but has read "
            f"all of the training stories (order {found.order}, chosen on validation; Witten-Bell smoothing)",
        }
        return found.data(self, length, card)


def story(content: bytes, name: str) -> str:
    r"""Return the text of a story in NFC: "\n" between paragraphs, no blanks in a row, nothing that frames it.

    Raises
    ------
    DataError
        The content is not text in UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not the UTF-8 text that was expected ({error}): download it again.") from error
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return _FRAME.sub("", _HEAD.sub("", "\n".join(filter(None, lines)))).strip()


FICTION = Fiction(
    name="fiction",
    title="The next jamo in Korean fiction",
    family="character sequences",
    form="many-to-many",
    metric="cross-entropy",
    unit="bits a jamo",
    min_length=2,
    max_length=STRETCH,
    originals=tuple(FILES.values()),
)
