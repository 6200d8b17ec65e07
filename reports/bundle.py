"""The script of the live charts: one for the whole page, made once and kept."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from rnn.files import write_whole

VEGA_LITE = "6.4"  # the schema that altair writes
TEMPLATE = Path(__file__).parent / "template"


def script(folder: Path) -> str:
    """Return the script that draws all charts of a page.

    Bundling takes seconds of work, so the result is kept in ``folder`` under the digest of all that it is made from.
    """
    own = (TEMPLATE / "charts.js").read_text(encoding="utf-8")
    made_from = f"{version('vl-convert-python')} {VEGA_LITE} {own}"
    file = folder / f"charts-{sha256(made_from.encode()).hexdigest()[:12]}.js"
    if not file.is_file():
        import vl_convert

        content = vl_convert.javascript_bundle(vl_version=VEGA_LITE) + "\n" + own
        safe = content.replace("</script", "<\\/script")
        write_whole(file, lambda temporary: temporary.write_text(safe, encoding="utf-8"))
    return file.read_text(encoding="utf-8")
