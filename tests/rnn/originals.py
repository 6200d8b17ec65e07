"""Small made-up files in the formats of the downloaded originals, so that every task can be prepared without them."""

import json
import unicodedata
from pathlib import Path

import numpy as np

from rnn.tasks import fiction, jsb, nsmc, sentences, sunspots_monthly, tiny_shakespeare

MISTAKEN = 0.05  # of the labelled texts say the contrary of their label
VERBS = ["break", "sell", "bend", "lift", "hold", "shake"]
VOICES = np.array([48, 55, 62, 70])  # where they start, as MIDI numbers
KOREAN = [
    "영화",
    "정말",
    "좋다",
    "나는",
    "보았다",
    "그러나",
    "슬픈",
    "밤",
    "값",
    "흙을",
    "닭",
    "하늘이",
    "ㅋㅋ",
    "없는",
]
REVIEWS = {nsmc.TRAIN_FILE: 2800, nsmc.TEST_FILE: 300}
SHARED = "두 파일에 있는 글"  # a review that stands in both files, once with other blanks
TWICE = "한 파일에 두 번 있는 글"


def write_originals(folder: Path) -> None:
    """Write the files of every task that has some, named as in the mirror."""
    (folder / fiction.FOLDER).mkdir(parents=True)
    contents = {
        tiny_shakespeare.FILE: shakespeare(),
        sunspots_monthly.FILE: sunspots(),
        jsb.FILE: chorales(),
        **{name: labelled(seed) for seed, name in enumerate(sentences.FILES)},
        **{name: ratings(name, n) for name, n in REVIEWS.items()},
        **{name: story(title, seed) for seed, (title, name) in enumerate(fiction.FILES.items())},
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def shakespeare() -> bytes:
    """700,000 characters in numbered lines, so that a stretch of text stands at one place alone."""
    return "".join(f"{i:06d} to be\n" for i in range(50_000)).encode("ascii")


def sunspots() -> bytes:
    """2,000 months of a cycle of 132 months, with the quotation marks and ends of lines of the original."""
    rng = np.random.default_rng(0)
    values = 60 - 50 * np.cos(2 * np.pi * np.arange(2000) / 132) + 8 * rng.random(2000)
    rows = [f'"{1749 + i // 12}-{i % 12 + 1:02d}",{value:.1f}' for i, value in enumerate(values)]
    return "\r\n".join(['"Month","Sunspots"', *rows]).encode("ascii")


def chorales() -> bytes:
    """Voices that walk by steps, 3 to 40 chords a chorale; one test chorale stands in training too."""
    rng = np.random.default_rng(1)

    def one() -> list[list[int]]:
        moves = rng.integers(-2, 3, (int(rng.integers(3, 41)), 4)).cumsum(axis=0)
        return [sorted({int(note) for note in chord}) for chord in np.clip(moves + VOICES, 43, 96)]

    found = {part: [one() for _ in range(n)] for part, n in (("test", 6), ("train", 30), ("valid", 5))}
    found["test"][2] = found["train"][3]
    found["train"][5][1] = []  # a chord of silence
    return json.dumps(found).encode("ascii")


def labelled(seed: int) -> bytes:
    """500 sentences of each class in turn, whose numbers make them differ; the last but one repeats the first."""
    rng = np.random.default_rng(seed)
    words, label = rng.choice(VERBS, (1000, 5)), np.arange(1000) % 2
    said = np.where(rng.random(1000) < MISTAKEN, 1 - label, label)
    lines = [
        f"{' '.join(of_line)} {10_000 * seed + i} It's {'good' if said[i] else 'bad'}, \"so.  \t{label[i]}"
        for i, of_line in enumerate(words)
    ]
    lines[-2] = lines[0].upper()
    lines[3] = lines[3].replace("It", "\x85It")  # which is no end of a line
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def ratings(name: str, n: int) -> bytes:
    """Reviews in NFC, about half of each class, one of them empty, two in other places as well; some are mistaken."""
    rng = np.random.default_rng(n)
    label = rng.integers(2, size=n)
    said = np.where(rng.random(n) < MISTAKEN, 1 - label, label)
    words = rng.choice(KOREAN, (n, 4))
    texts = [f"{' '.join(words[i])} {'최고' if said[i] else '최악'} {i}" for i in range(n)]
    texts = [f"{text} {name[8]}" for text in texts]  # r or e, which no text of the other file has
    texts[1], texts[2] = "", SHARED if name == nsmc.TEST_FILE else SHARED.replace(" ", "  ")
    texts[3] = texts[4] = TWICE if name == nsmc.TRAIN_FILE else texts[3]
    rows = [f"{1000 + i}\t{text}\t{y}\n" for i, (text, y) in enumerate(zip(texts, label, strict=True))]
    return "".join([f"{nsmc.HEADER}\n", *rows]).encode("utf-8")


def story(title: str, seed: int) -> bytes:
    """12,000 jamo or more in paragraphs, in a frame like that of the originals, some of them with a mark of order."""
    rng = np.random.default_rng(seed)
    lines = [f"  {' '.join(words)}  {title}." for words in rng.choice(KOREAN, (250, 20))]
    text = "\r\n\r\n".join(["", *lines])
    if seed % 2:
        return text.replace("\r", "").encode("utf-8")
    head = f"     {title}\r\n   현 진 건  \r\n\r\n[목차]\r\n1. 처음\r\n2. 끝\r\n"
    return unicodedata.normalize("NFD" if seed else "NFC", f"{head}{text}\r\n\r\n― 『개벽』(1921.11)\r\n<끝>").encode(
        "utf-8-sig"
    )
