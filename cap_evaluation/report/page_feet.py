"""The foot of every page of a PDF, written once its pages can be counted.

The wkhtmltopdf that systems ship knows no repeated foot: what says whose document a
page is, and which page of how many, is laid over the pages it made.
"""

import io
from typing import NamedTuple

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from odoo.tools.misc import file_path
from odoo.tools.pdf import (
    NameObject,
    PdfFileReader,
    PdfFileWriter,
    create_string_object,
)

from ..kernel.charts.palette import HAIR, MUTED

FONT, FONT_FILE = "CapFoot", "web/static/fonts/sign/NotoSans-Reg.ttf"
SIZE = 9
MARGIN, BASE = 40, 22  # points: 14 mm on the sides, the text 8 mm above the edge


class Feet(NamedTuple):
    """What the feet say: the document, and its language as a code such as ``fr_FR``."""

    title: str
    lang: str = ""


def write_feet(content: bytes, feet: Feet) -> bytes:
    """Return the PDF ``content`` with its title on each page, and "2 / 5"."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    writer = PdfFileWriter()
    overlay = PdfFileReader(io.BytesIO(_draw(reader, feet)))
    for number in range(reader.getNumPages()):
        page = writer.add_page(reader.getPage(number))
        page.mergePage(overlay.getPage(number))
    writer.add_metadata({"/Title": feet.title})
    if feet.lang:
        code = create_string_object(feet.lang.replace("_", "-"))
        writer._root_object[NameObject("/Lang")] = code
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _draw(reader, feet: Feet) -> bytes:
    """Return a PDF of as many pages, with nothing but their feet."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, file_path(FONT_FILE)))
    packet = io.BytesIO()
    canvas = Canvas(packet)
    count = reader.getNumPages()
    for number in range(count):
        box = reader.getPage(number).mediaBox
        width = float(box.getWidth())
        canvas.setPageSize((width, float(box.getHeight())))
        rank = f"{number + 1} / {count}"
        room = width - 2 * MARGIN - pdfmetrics.stringWidth(rank, FONT, SIZE) - 12
        canvas.setStrokeColor(HexColor(HAIR))
        canvas.line(MARGIN, BASE + SIZE + 3, width - MARGIN, BASE + SIZE + 3)
        canvas.setFillColor(HexColor(MUTED))
        canvas.setFont(FONT, SIZE)
        canvas.drawString(MARGIN, BASE, _shorten(feet.title, room))
        canvas.drawRightString(width - MARGIN, BASE, rank)
        canvas.showPage()
    canvas.save()
    return packet.getvalue()


def _shorten(text: str, room: float) -> str:
    """Return ``text``, cut with "…" where it is wider than ``room`` points."""
    if pdfmetrics.stringWidth(text, FONT, SIZE) <= room:
        return text
    while text and pdfmetrics.stringWidth(f"{text}…", FONT, SIZE) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
