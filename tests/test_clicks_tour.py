"""Open every menu of CAP, every view and every filter, as a manager and an animator.

Odoo's own robot clicks; an error in the browser or on the server fails the test.
"""

from odoo.tests import HttpCase, tagged

from odoo.addons.cap_evaluation.tests.common import CapCommon

ROBOT = (
    "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')"
    ".startClickEverywhere('cap_evaluation.menu_cap_root');"
)


@tagged("post_install", "-at_install")
class TestClicks(CapCommon, HttpCase):
    allow_end_on_form = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls.user_manager + cls.user_animator
        users.tour_enabled = False
        levels = {"1.1.1.1": 0, "1.1.1.2": 3, "1.2.1.1": 1, "2.1.1.1": 2}
        cls.validate(cls.make_evaluation(levels=levels))
        cls.make_evaluation(levels={"1.1.1.1": 2})

    def click_everywhere(self, login):
        self.browser_js(
            "/odoo",
            ROBOT,
            "odoo.isReady === true",
            login=login,
            timeout=600,
            success_signal="clickbot test succeeded",
        )

    def test_manager(self):
        self.click_everywhere("cap_manager")

    def test_animator(self):
        self.click_everywhere("cap_animator")
