"""The pieces every drawing is made of: SVG text with literal colours (pure Python).

Made for a web page and for wkhtmltopdf alike: no CSS variable, no script, and words
broken in lines here, since no SVG reader breaks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from .palette import INK

FONT, LINE, CHAR = 13.5, 16.0, 0.58  # size, line height, mean width of a character

Point = tuple[float, float]


def number(value: float) -> str:
    """Return a length as short as it can be written, to a tenth.

    >>> number(12.0), number(0.04), number(-7.25), number(-0.01)
    ('12', '0', '-7.2', '0')
    """
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def coordinates(points: Iterable[Point | None]) -> str:
    """Return the ``points`` that are there, as a line or a polygon lists them.

    >>> coordinates([(0, 1.5), None, (2, 3)])
    '0,1.5 2,3'
    """
    return " ".join(f"{number(p[0])},{number(p[1])}" for p in points if p)


def element(name: str, content: str = "", **attributes: object) -> str:
    """Return an element; an attribute without a value is left out.

    Numbers are written short, ``_`` in a name stands for ``-``, and a last ``_`` for
    nothing (``class_``). ``content`` is markup: escape what people wrote.

    >>> element("line", x1=0, x2=12.5, stroke="#fff", stroke_width=2, fill=None)
    '<line x1="0" x2="12.5" stroke="#fff" stroke-width="2"/>'
    >>> element("text", escape("A & B"), class_="cap")
    '<text class="cap">A &amp; B</text>'
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={_quoted(value)}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _quoted(value: object) -> str:
    text = number(value) if isinstance(value, float) else str(value)
    return quoteattr(text)


def text(
    words: str,
    x: float,
    y: float,
    anchor: str | None = None,
    size: float = FONT,
    weight: int | None = None,
    fill: str = INK,
    **attributes: object,
) -> str:
    """Return one line of ``words``, escaped, its foot at ``y``.

    >>> text("A & B", 2, 10)
    '<text x="2" y="10" font-size="13.5" fill="#2b2523">A &amp; B</text>'
    """
    return element(
        "text",
        escape(words),
        x=float(x),
        y=float(y),
        text_anchor=anchor,
        font_size=float(size),
        font_weight=weight,
        fill=fill,
        **attributes,
    )


def lines(words: Sequence[str], x: float, y: float, pitch: float = LINE) -> str:
    """Return the spans of a text of several lines, the first one's foot at ``y``.

    >>> lines(["A", "<B>"], 0, 10)
    '<tspan x="0" y="10">A</tspan><tspan x="0" y="26">&lt;B&gt;</tspan>'
    """
    return "".join(
        element("tspan", escape(line), x=float(x), y=float(y + pitch * rank))
        for rank, line in enumerate(words)
    )


def wrap(words: str, width: int = 19, most: int = 4) -> list[str]:
    """Break ``words`` at spaces in lines of about ``width`` characters, ``most`` lines.

    >>> wrap("Principes et valeurs de l'ESS")
    ['Principes et', "valeurs de l'ESS"]
    >>> wrap("anticonstitutionnellement", width=10)
    ['anticonstitutionnellement']
    >>> wrap("un deux trois quatre cinq", width=5, most=2)
    ['un', 'deux…']
    >>> wrap("")
    []
    """
    result: list[str] = []
    for word in words.split():
        if result and len(result[-1]) + 1 + len(word) <= width:
            result[-1] += f" {word}"
        else:
            result.append(word)
    if len(result) > most:
        result = result[:most]
        result[-1] += "…"
    return result


def drawing(
    parts: Iterable[str],
    box: tuple[float, float, float, float],
    label: str,
    classes: str = "cap-chart",
) -> str:
    """Return the whole drawing.

    :param box: left, top, width and height of what is seen
    :param label: what a screen reader says of it; without one it is decoration

    >>> 'aria-label="Bars" class="cap-chart"' in drawing([], (0, 0, 10, 20), "Bars")
    True
    >>> 'aria-hidden="true"' in drawing([], (0, 0, 10, 20), "")
    True
    """
    said = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=" ".join(map(number, box)),
        **said,
        class_=classes,
    )
