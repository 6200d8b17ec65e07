"""The plays: nothing but speech is left, and none of it is lost."""

import re

import pytest

from rnn.tasks.files import package_files
from rnn.tasks.plays import FILES, PACKAGE, SHA256, read_plays, speeches


@pytest.fixture(scope="module")
def raw():
    return [content.decode() for content in package_files(PACKAGE, FILES, SHA256).values()]


@pytest.fixture(scope="module")
def plays():
    return read_plays()


def test_lines_of_a_speech_and_an_empty_line_between_two():
    text = "# Play\n\n## ACT I\n\n_Enter A_\n\n**A**  \nOne line,  \nand another.\n\n\n**B**  \nYes.\n"
    assert speeches(text) == "One line,\nand another.\n\nYes."


@pytest.mark.parametrize(
    ("marked", "spoken"),
    [
        ("One.\n\n_Exit C, with\nattendants_\n\nTwo.", "One.\nTwo."),
        ("_\\[Aside]_  \nOne.", "One."),
        ("__\\[Awaking]_  \nOne.", "One."),
        ("[Within]_  \nOne.", "One."),
        ("One _\\[ ]_  \ntwo.", "One\ntwo."),
        ("One, _\\[Rising]_ two.", "One, two."),
        ("_Burthen _\\[dispersedly, within_\n\nOne.", "One."),
        ("*[He draws.]*  \nOne.\n\n*Exeunt, and\nmore.*", "One."),
        ("One.'\\--'Two.'", "One.'--'Two.'"),
        ("One— two.", "One-- two."),
        ("One.\nBISHOP\n\n**OF WINCHESTER**  \nTwo.", "One.\n\nTwo."),
        ("One.\nLOVE'S LABOURS LOST\n\n#### ACT II\n\nTwo.", "One.\n\nTwo."),
        ("One.\nSONG.  \nTwo.", "One.\n\nTwo."),
        ("One.\n\nSCENE II: Belmont.\n\n**C**  \nTwo.", "One.\n\nTwo."),
        ("One.\nVarro's\n\n**Servant**  \nTwo.", "One.\n\nTwo."),
        ("One.\nLucilius' Servant Two.", "One.\n\nTwo."),
        ("One.\nCASSIO: Two.", "One.\n\nTwo."),
        ("One.\nEnter FLAMINIUS.\n\n**C**  \nTwo.", "One.\n\nTwo."),
        ("One.\n\n1\\. Trumpets,  \nsounding.  \n2\\. Judges.\n\n_Music_\n\n**C**  \nTwo.", "One.\n\nTwo."),
        ("One!  \nO,  \nANDREW AGUECHEEK.\nTwo.", "One!\nO,\nANDREW AGUECHEEK.\nTwo."),
    ],
)
def test_marks_as_they_stand_in_the_files(marked, spoken):
    assert speeches(f"**A**  \n{marked}\n") == spoken


def test_all_plays_are_there(plays):
    assert len(plays) == 38
    assert next(iter(plays)) == "A Midsummer Night's Dream"
    assert {"Hamlet", "Edward III", "Henry IV, Part 2", "The Tempest"} < plays.keys()
    assert all(len(text) > 70_000 for text in plays.values())


def test_no_mark_is_left(plays):
    """The one odd sign is an error of the file: "my sea sha$l suck them dry"."""
    text = "\n\n".join(plays.values())
    assert re.findall(r"[^A-Za-z0-9 \n.,:;!?'\"&-]", text) == ["$"]
    assert not re.search(r"^ | $|  |\n\n\n", text, re.MULTILINE)
    assert not re.search(r"^(SCENE|ACT|Exit|Exeunt|Re-enter|Enter [A-Z]{2})\b|SONG|DUMB SHOW", text, re.MULTILINE)
    assert not any(text != text.strip() for text in plays.values())


def test_names_of_speakers_are_gone(plays, raw):
    """No line is one of the names that the files set in bold, but for people who call each other so."""
    names = {name.strip() for text in raw for name in re.findall(r"^\*\*(.*)\*\*", text, re.MULTILINE)}
    left = {line for text in plays.values() for line in text.split("\n")} & {n for n in names if n.isupper()}
    assert left == set()


def test_no_speech_is_lost(plays, raw):
    """Every line without marks under a speaker's name is in the result, but for names and titles that lack theirs."""
    unmarked = re.compile(
        r"[A-Z][A-Z' ]{3,}|SONG\.|DUMB SHOW\.|Varro's|Both|Enter FLAMINIUS\."
        r"|(ANTONIO:|CASSIO:|ALL SERVING-MEN|(Varro|Isidore|Lucilius)'s? Servants?:?) .*"
    )
    lost, kept = [], 0
    for spoken, text in zip(plays.values(), raw, strict=True):
        lines = set(spoken.split("\n"))
        for speech in re.findall(r"^\*\*.*\*\* *\n((?:.+\n)+)", text, re.MULTILINE):
            plain = [" ".join(line.split()) for line in speech.split("\n")[:-1] if not re.search(r"[][_*\\—]", line)]
            lost += [line for line in plain if line not in lines and not unmarked.fullmatch(line)]
            kept += len(plain)
    assert lost == []
    assert kept > 100_000


def test_a_speech_that_a_direction_interrupts_is_one(plays):
    assert "To be, or not to be: that is the question:\nWhether 'tis nobler" in plays["Hamlet"]
    assert "A messenger?--Lord Audley, know from whence.\n\nThe Duke of Lorraine" in plays["Edward III"]
    assert "the spirit of my father, which I\nthink is within me" in plays["As You Like It"]
