"""The edition: report.json, report.html and report.pdf of one results folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import typst

from reports import bundle, drawing, fonts, web
from reports.document import document, figures
from reports.load import load
from rnn.errors import StudyError
from rnn.files import write_whole

HERE = Path(__file__).parent
LANGUAGE = "en"


def build_edition(results: Path, out: Path, bundles: Path | None = None) -> None:
    """Build the report of a results folder.

    The same tables give the same bytes: the date is that of the last training job, and the machine leaves no trace.

    Parameters
    ----------
    results
        Folder with the result tables, ``data.json`` and ``provenance.json``.
    out
        Where ``report.json``, ``report.html`` and ``report.pdf`` are written.
    bundles
        Where the script of the live charts is kept between builds; ``<out>/.cache`` where none is given.

    Raises
    ------
    StudyError
        A table, a column, a fact or a font is missing, or the text asks for something that the document has not.
    """
    inputs = load(results)
    drawn = figures(inputs)
    content = document(inputs, drawn)
    specifications = {figure.name: figure.spec for of_section in drawn.values() for figure in of_section}
    drawings = {name: drawing.svg(spec) for name, spec in specifications.items()}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _lay_out(root, content, specifications, drawings)
        compiler = typst.Compiler(
            input=str(root / "report.typ"),
            root=str(root),
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(fonts.text_folder())]),
            ignore_system_fonts=True,
        )
        timestamp = int(inputs.finished.timestamp())
        pdf = _set(compiler, format="pdf", pdf_standards=["ua-1"], timestamp=timestamp)
        exported = _set(compiler, format="html", timestamp=timestamp)
    page = web.page(exported.decode("utf-8"), drawings, bundle.script(bundles or out / ".cache"))
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "report.json", (_json(content, indent=1) + "\n").encode("utf-8"))
    _write(out / "report.html", page.encode("utf-8"))
    _write(out / "report.pdf", pdf)


def _lay_out(root: Path, content: dict[str, Any], specifications: dict[str, Any], drawings: dict[str, str]) -> None:
    """Put text, template, document and charts in one folder, all that type-setting may read."""
    for file in (
        *(HERE / "text" / LANGUAGE).glob("*.typ"),
        HERE / "template" / "template.typ",
        HERE / "references.bib",
    ):
        shutil.copyfile(file, root / file.name)
    (root / "report.json").write_text(_json(content), encoding="utf-8")
    (root / "figures").mkdir()
    for name, spec in specifications.items():
        (root / "figures" / f"{name}.svg").write_text(drawings[name], encoding="utf-8")
        # "</" would end the element that carries the specification in the page
        (root / "figures" / f"{name}.json").write_text(
            _json(spec, separators=(",", ":")).replace("</", "<\\/"), encoding="utf-8"
        )


def _set(compiler: typst.Compiler, **options: Any) -> bytes:
    try:
        made, _ = compiler.compile_with_warnings(**options)
    except typst.TypstError as error:
        raise StudyError(f"The report's text does not fit the document: {error}") from error
    return made


def _json(content: Any, **layout: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False, **layout)


def _write(file: Path, content: bytes) -> None:
    write_whole(file, lambda temporary: temporary.write_bytes(content))
