"""Numbers, efforts and times of day in words, in the reader's language."""

from odoo.addons.cap_evaluation.kernel.numbers import decimal


def describe_number(env, number: float) -> str:
    """Return a number with the decimal sign of the language, and no useless zero."""
    lang = env["res.lang"]._get_data(code=env.lang or "en_US")
    return decimal(number, lang.decimal_point or ".")


def describe_days(env, days: float) -> str:
    """Return days of work in words: “1.5 day”, “3 days of work”."""
    number = describe_number(env, days)
    return env._("%s day", number) if days < 2 else env._("%s days of work", number)


def describe_hours(env, hours: float) -> str:
    """Return the length of a training: “14 h”."""
    return env._("%s h", describe_number(env, hours))


def describe_clock(env, moment) -> str:
    """Return a time of day: “9:30”, “17:00”."""
    if moment.minute:
        return env._("%(hours)s:%(minutes)s", hours=moment.hour, minutes=f"{moment:%M}")
    return env._("%(hours)s:00", hours=moment.hour)
