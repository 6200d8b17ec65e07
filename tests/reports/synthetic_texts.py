"""The texts of the made-up study, and how much each of their words or characters matters to a made-up network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

SENTENCES = {  # position in the test set: words, predicted class
    3: ("a warm and clever story with a heart of its own", "positive"),
    417: ("two hours of noise , and not one idea in it", "negative"),
    1202: ("the cast is fine , but the plot never <unknown> at all", "negative"),
}
FILLER = ("the", "film", "runs", "on", "a", "screen", "in", "a", "room")
LINES = {  # position in the test set: characters, predicted next character
    8: ("Good·morrow,·cousin;·is·the·day·so·young·that·I·may·yet·be·late?¶", "W"),
    951: ("I·pray·you·tell·me,·where·does·the·old·road·end·that·runs·to·sea", "?"),
}
WRITTEN = {  # position in the test set: what is read as text, if anything is, and what is to be written
    "caption": {5: ("", "three"), 90: ("", "six")},
    "translate": {7: ("이십", "twenty"), 31: ("오천삼", "five thousand three")},
}
START = "start"


def attribution(rng: np.random.Generator, task: str, length: int, per_step: float) -> Iterator[dict[str, Any]]:
    """Return the rows of one run: a word counts less the further from the end it stands, and some count more."""
    if task == "reviews":
        texts = {at: ([*words.split(), *_filler(length)], target) for at, (words, target) in SENTENCES.items()}
    elif task == "shakespeare":
        texts = {at: (list((line * length)[:length]), target) for at, (line, target) in LINES.items()}
    elif task in WRITTEN and all(source for source, _ in WRITTEN[task].values()):
        texts = {at: ([*source, START, *target], target[-1]) for at, (source, target) in WRITTEN[task].items()}
    else:
        return
    for sentence, (tokens, target) in texts.items():
        weight = rng.normal(0, 0.4, len(tokens))
        for position, token in enumerate(tokens):
            log10_norm = per_step * (len(tokens) - 1 - position) + weight[position]
            yield {
                "sentence": sentence,
                "position": position,
                "token": token,
                "target": target,
                "log10_norm": log10_norm if log10_norm > -300 else None,
            }


def decoded(task: str, cell: str, seed: int) -> Iterator[dict[str, Any]]:
    """Return what one run writes: the last sequence without its last letter in the vanilla cell, and in seed 1."""
    of_task = WRITTEN.get(task, {})
    for sentence, (_, target) in of_task.items():
        right = sentence != max(of_task) or (cell != "rnn" and seed != 1)
        output = [*target] if right else [*target[:-1], None]
        for position, pair in enumerate(zip(target, output, strict=True)):
            yield {"sentence": sentence, "position": position, "target": pair[0], "output": pair[1]}


def _filler(length: int) -> list[str]:
    return [FILLER[i % len(FILLER)] for i in range(length)]
