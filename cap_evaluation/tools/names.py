"""Finding a record by all that its display name shows, not by its name alone."""

from odoo.fields import Domain

from ..kernel.text import fold, one_line

# What stands around words in a display name: "CAP 2026, Relais", "1.1 Word (2026)".
PUNCTUATION = ",;:()→"
MAX_WORDS = 12
# Words that so many records hold are no name of one.
MAX_EXACT = 200


def search_names(model, operator, value, texts, codes=(), numbers=(), said=""):
    """Return the domain of the records whose display name holds what was typed.

    For ``_search_display_name`` of models that show more than a name. Where a display
    name *is* what was typed, only that one is found ("AI" is no part of another type);
    else every word typed is found somewhere in it. Imports ask for the whole name.

    :param texts: fields (or paths) where a word may stand anywhere
    :param codes: fields that a word may begin
    :param numbers: integer fields that a word may be
    :param said: what the display name adds that no field holds
    :return: a domain, or NotImplemented for Odoo to find another way
    """
    if operator == "in":
        typed = [text for text in value if isinstance(text, str) and text.strip()]
    elif operator in ("ilike", "like", "=ilike", "=like"):
        if not (isinstance(value, str) and value.strip()):
            return Domain.TRUE
        typed = [value]
    else:
        return NotImplemented
    found = Domain.OR(
        _search_words(text.replace(said, ""), texts, codes, numbers) for text in typed
    )
    wanted = {fold(text) for text in typed}
    whole = operator not in ("ilike", "like")
    exact = model.search_fetch(
        found, ["display_name"], limit=None if whole else MAX_EXACT
    )
    exact = exact.filtered(lambda record: fold(record.display_name) in wanted)
    return Domain("id", "in", exact.ids) if exact or whole else found


def _search_words(text, texts, codes, numbers):
    """Return the domain of the records that hold every word of ``text``."""
    words = [word.strip(PUNCTUATION) for word in one_line(text).split()]
    words = [word for word in words if word][:MAX_WORDS]
    return Domain.AND(_search_word(word, texts, codes, numbers) for word in words)


def _search_word(word, texts, codes, numbers):
    found = [Domain(field, "ilike", word) for field in texts]
    found += [Domain(field, "=ilike", f"{word}%") for field in codes]
    if word.isascii() and word.isdecimal() and len(word) < 9:
        found += [Domain(field, "=", int(word)) for field in numbers]
    return Domain.OR(found)
