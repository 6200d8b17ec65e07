"""The web page: what the exporter leaves to us, that is style, fonts, live charts and a strict security policy."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from reports import fonts
from reports.drawing import with_fonts

PLAIN = " ,;:=/()+*!?@[]|'"  # may stand in an address that stands in quotation marks
TEMPLATE = Path(__file__).parent / "template"


def page(exported: str, drawings: Mapping[str, str], script: str) -> str:
    """Return the page that needs nothing but itself.

    Parameters
    ----------
    exported
        The HTML of the type-setting program, with ``figure:<name>`` where a drawing belongs.
    drawings
        SVG by name of figure.
    script
        The script of the live charts.
    """
    exported = re.sub(r'src="figure:([^"]+)"', lambda found: f'src="{_image(drawings[found[1]])}"', exported)
    # MathML's own accent: browsers lose the combining character that the exporter writes.
    exported = exported.replace("<mo>\u0302</mo>", '<mo stretchy="false">^</mo>')
    words = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r'src="data:[^"]*"', "", exported)))
    formulas = "".join(re.findall(r"<math.*?</math>", exported, re.DOTALL))
    mathematics = html.unescape(re.sub(r"<[^>]+>", "", formulas))
    style = "".join(
        [
            fonts.text_faces(fonts.ASCII | set(words)),
            fonts.math_face(fonts.ASCII | set(mathematics) | set("∑∏‖√()[]|{}")),
            (TEMPLATE / "style.css").read_text(encoding="utf-8"),
        ]
    )
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy(script)}">'
        '<meta name="color-scheme" content="light dark">'
        f"<style>{style}</style></head>"
    )
    return _once(_once(exported, "</head>", head), "</body>", f"<script>{script}</script></body>")


def policy(script: str) -> str:
    """Return the content security policy: no connection to anywhere, no script but this one."""
    digest = base64.b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )


def _image(drawing: str) -> str:
    """Return a drawing as an address; as text it is shorter than in base 64, in which its fonts are already."""
    drawn = with_fonts(drawing)
    quoted = drawn if "'" in drawn else drawn.replace('"', "'")  # single ones need no escape there
    return f"data:image/svg+xml;charset=utf-8,{quote(quoted, safe=PLAIN)}"


def _once(text: str, old: str, new: str) -> str:
    place = text.rindex(old)
    return text[:place] + new + text[place + len(old) :]
