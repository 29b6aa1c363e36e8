"""Where a shown text may not be broken at the end of a line (pure Python).

People type ordinary spaces before « : ; ? ! », and the texts of COORACE hold inclusive
forms ("salarié-e-s"). Only what is shown changes: what is kept stays as it was written.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

# A space that French, and no other habit of typing, puts beside these signs.
_BEFORE = re.compile(r"(?<=\S) (?=[:;?!»%](?:\W|$))")
_AFTER = re.compile(r"(?<=«) (?=\S)")
_ENDINGS = "e|s|es|ne|le|te|se|ve|ive|ère|ière|rice|trice|euse|ale|aux"
_INCLUSIVE = re.compile(
    rf"\b[^\W\d_]+(?:[-·.](?:{_ENDINGS}))+\b(?![-·])", re.IGNORECASE
)


def tie(text: str) -> str:
    """Return ``text`` with no-break spaces beside the signs that take one.

    >>> tie("Quoi ? « Oui » : 50 %").replace("\\u00a0", "_")
    'Quoi_? «_Oui_»_: 50_%'
    >>> tie("a :b, 3 %d"), tie("")
    ('a :b, 3 %d', '')
    """
    return _AFTER.sub("\u00a0", _BEFORE.sub("\u00a0", text))


def set_text(text: str) -> str:
    """Return ``text`` as HTML, tied, its inclusive forms on one line.

    >>> set_text("Les salarié-e-s <b>")
    'Les <span class="text-nowrap">salarié-e-s</span> &lt;b&gt;'
    >>> set_text("vis-à-vis, co-construire, un·e")
    'vis-à-vis, co-construire, <span class="text-nowrap">un·e</span>'
    """
    return _INCLUSIVE.sub(
        lambda found: f'<span class="text-nowrap">{found[0]}</span>',
        escape(tie(text)),
    )
