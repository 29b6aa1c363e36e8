"""What a page of the portal asks of the database: nothing that grows with the CAP."""

from odoo.tests import tagged

from .test_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalCost(PortalCase):
    """At most ten queries more than Odoo's own /my, for 6 objectives as for 500."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tree = {
            "1": ("theme", "T"),
            "1.1": ("subtheme", "S"),
            "1.1.1": ("general", "G"),
        }
        cls.evaluations = cls.evaluation
        for count in (72, 500):
            leaves = {f"1.1.1.{n}": ("operational", f"O {n}") for n in range(count)}
            version = cls.make_version(code=f"BIG{count}", tree={**tree, **leaves})
            cls.evaluations |= cls.make_evaluation(version=version)

    def count(self, url):
        """Return the queries of a page, its models, views and rules known already."""
        self.url_open(url)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200, url)
        return self.env.cr.sql_log_count - before

    def test_pages(self):
        self.log_in(self.user_pilot)
        home = self.count("/my")
        for path in ("/my/cap/%s", "/my/cap/%s/finish"):
            counts = {
                len(evaluation.line_ids): self.count(path % evaluation.id)
                for evaluation in self.evaluations
            }
            with self.subTest(path=path, home=home, counts=counts):
                self.assertEqual(counts[72], counts[500])
                self.assertLessEqual(max(counts.values()), home + 10)
        listed = self.count("/my/cap")
        self.assertLessEqual(listed, home + 10)
