"""Volume: what must not grow with the number of lines."""

from odoo.tests import HttpCase, tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestPerformance(CapCommon):
    def _open_campaign(self, size):
        campaign = self.env["cap.campaign"].create(
            {
                "name": f"{size} structures",
                "version_id": self.version.id,
                "partner_ids": self.make_structures(size, self.region_a),
            }
        )
        return self.count_queries(campaign.action_open)

    def test_opening_costs_at_most_one_and_a_half_query_a_structure(self):
        """Measured: 0.13 a structure with these 6 lines each."""
        self._open_campaign(5)
        small, large = self._open_campaign(50), self._open_campaign(250)
        self.assertLessEqual((large - small) / 200, 1.5)

    def test_saving_costs_the_same_whatever_the_evaluation(self):
        """At most 7 queries, counts and the user's own rights included."""
        tree = {
            "1": ("theme", "T"),
            "1.1": ("subtheme", "S"),
            "1.1.1": ("general", "G"),
        }
        tree |= {f"1.1.1.{n}": ("operational", f"Objective {n}") for n in range(1, 73)}
        large = self.make_evaluation(version=self.make_version("BIG", tree=tree))
        counts = [
            self._count_save(evaluation.line_ids[1].with_user(self.user_pilot))
            for evaluation in (self.make_evaluation(), large)
        ]
        self.assertEqual(counts[0], counts[1], "the size of the evaluation is free")
        self.assertLessEqual(counts[0], 7)

    def _count_save(self, line):
        line.save_answer({"level": 1}, {})
        values = {"level": 2, "comment": "Changed", "progress_comment": "Write it"}
        return self.count_queries(lambda: line.save_answer(values, {"level": 1}))


@tagged("post_install", "-at_install")
class TestPhotographiePerformance(CapCommon, HttpCase):
    """The photographie over HTTP, on a server that has answered before."""

    def make_whole(self, size):
        """Return a scored CAP of ``size`` objectives in eleven sub-themes, commented,
        that follows another."""
        tree = {"1": ("theme", "T")}
        for sub in range(1, 12):
            tree[f"1.{sub}"] = ("subtheme", f"S{sub}")
            tree[f"1.{sub}.1"] = ("general", "G")
        for rank in range(size):
            tree[f"1.{1 + rank % 11}.1.{rank}"] = ("operational", f"Objective {rank}")
        version = self.make_version(f"BIG{size}", tree=tree)
        levels = version.scale_id.level_ids
        first = self.make_evaluation(version=version, pilots=self.user_pilot.partner_id)
        first.line_ids.write({"level_id": levels[1].id, "comment": "Said aloud"})
        self.validate(first, on="2024-03-01")
        following = first.action_start_next()
        following.line_ids.write({"level_id": levels[2].id, "comment": "Said again"})
        return following

    def count_page(self, url):
        self.url_open(url)
        return self.count_queries(lambda: self.url_open(url).raise_for_status())

    def test_the_photographie_costs_the_same_whatever_its_size(self):
        self.authenticate("cap_pilot", "cap_pilot")
        home = self.count_page("/my")
        counts = {
            size: self.count_page(f"/my/cap/{self.make_whole(size).id}/results")
            for size in (72, 500)
        }
        self.assertEqual(counts[72], counts[500], f"{counts}, /my takes {home}")
        self.assertLessEqual(counts[72], home + 10, f"{counts}, /my takes {home}")
