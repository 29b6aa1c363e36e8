"""The colours every drawing and every PDF is made with (pure Python).

The names below are the only place where a colour is written in Python. A level's fill
comes from its scale. What is written on it and what surrounds it are
computed, so that a scale of any colours keeps the contrasts WCAG asks: 4.5 for text,
3 for the edge of a control.
"""

import re
from typing import NamedTuple

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
INK, WHITE, BLACK = "#2b2523", "#ffffff", "#000000"
MUTED = "#5f564f"  # text that comes second; the last time
GRID, HAIR, EDGE = "#b9b0a7", "#ddd7d0", "#857a70"  # edges of a control: 3 to 1
NOW = "#22366f"  # this year
ACTION, SOFT = "#714b67", "#f4eef2"  # what one does: links, bars of a plan
# Edges drawn by hand for the two pale levels of the CAP.
KNOWN_EDGES = {"#e7dfd6": "#857a70", "#f0b64c": "#9a6200"}


class LevelColors(NamedTuple):
    """What a level is drawn with; ``css`` is what the stylesheet's classes read."""

    fill: str
    edge: str
    text: str

    @property
    def css(self) -> str:
        """The three colours as custom properties of a style attribute.

        >>> LevelColors("#fff", "#000", "#111").css
        '--f:#fff;--e:#000;--t:#111'
        """
        return f"--f:{self.fill};--e:{self.edge};--t:{self.text}"


def is_color(text: str) -> bool:
    """Tell whether ``text`` is a colour written ``#rrggbb``.

    >>> is_color("#1f7A6c"), is_color("#fff"), is_color("green")
    (True, False, False)
    """
    return bool(COLOR.fullmatch(text))


def luminance(color: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 (black) to 1 (white).

    >>> luminance("#000000"), luminance("#ffffff")
    (0.0, 1.0)
    """
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21.

    >>> round(contrast("#714b67", "#ffffff"), 1)
    7.2
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def darken(color: str, ratio: float) -> str:
    """Return ``color`` with its channels multiplied by ``ratio``.

    >>> darken("#ff8000", 0.5)
    '#804000'
    """
    channels = (round(int(color[i : i + 2], 16) * ratio) for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02x}" for channel in channels)


def level_colors(color: str | None) -> LevelColors:
    """Return the fill, edge and text of a level whose scale says ``color``.

    >>> level_colors("#1f7a6c")
    LevelColors(fill='#1f7a6c', edge='#1f7a6c', text='#ffffff')
    >>> level_colors("#F0B64C")
    LevelColors(fill='#f0b64c', edge='#9a6200', text='#2b2523')
    >>> pale = level_colors("#ffff00")
    >>> contrast(pale.edge, WHITE) >= 3 and contrast(pale.text, pale.fill) >= 4.5
    True
    """
    fill = (color or EDGE).lower()
    text = max((INK, WHITE), key=lambda tone: contrast(tone, fill))
    if contrast(text, fill) < 4.5:
        text = BLACK  # 4.58 at the least where white is under 4.5
    edge = KNOWN_EDGES.get(fill, fill)
    while contrast(edge, WHITE) < 3:
        edge = darken(edge, 0.95)
    return LevelColors(fill, edge, text)
