"""Numbers in words, in the reader's language; the arithmetic is in the kernel."""

from ..kernel.numbers import percent


def format_percent(env, value: float | None, none: str = "–") -> str:
    """Return a percentage, rounded to a whole one; ``none`` where there is none.

    What stands between the number and its sign is the translators' to say.
    """
    return percent(value, env._("%(number)s%%"), none)
