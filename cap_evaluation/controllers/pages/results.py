from functools import cached_property

from ...report.photographie import Photographie
from .base import CapPage


class ResultsPage(CapPage):
    """The photographie on the portal."""

    def prepare_layout(self):
        """Return the values that the layout and the small templates read."""
        return {
            **super().prepare_layout(),
            "shown": self.shown,
            "set_text": self.words.set_text,
        }

    @cached_property
    def shown(self):
        """Return what the photographie shows, the same as in its PDF."""
        return Photographie(self.evaluation)

    def get_height(self, level):
        """Return the height in pixels of a level's bar, 19 to 46 from first to last."""
        rank = self.shown.levels.ids.index(level.id)
        return round(19 + 27 * rank / max(len(self.shown.levels) - 1, 1))
