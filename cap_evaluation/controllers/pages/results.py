from .base import CapPage


class ResultsPage(CapPage):
    """The photographie on the portal."""

    def prepare(self):
        """Return the values of the page."""
        shown = self.photographie._prepare(self.evaluation)
        return {
            **shown,
            "level_height": lambda level: get_height(level, shown["levels"]),
        }


def get_height(level, levels):
    """Return the height in pixels of a level's bar, 19 to 46 from first to last."""
    rank = levels.ids.index(level.id)
    return round(19 + 27 * rank / max(len(levels) - 1, 1))
