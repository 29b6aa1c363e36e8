from markupsafe import Markup

from odoo import api, models
from odoo.tools.misc import format_date

from ..kernel.charts import radar
from ..kernel.charts.palette import level_colors
from ..tools.words import Words


class PhotographieReport(models.AbstractModel):
    """What the photographie shows, prepared once for the web page and the PDF.

    Nothing here is a rule: scores come from ``cap.evaluation``, drawings from
    ``kernel/charts``; this puts them in the order people read them.
    """

    _name = "report.cap_evaluation.report_photographie"
    _description = "CAP Photographie"

    @api.model
    def _get_report_values(self, docids, data=None):
        evaluations = self.env["cap.evaluation"].browse(docids)
        evaluations.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "cap.evaluation",
            "docs": evaluations,
            "photographies": {e.id: self._prepare(e) for e in evaluations},
            "percent": Words(evaluations).percent,
            "level_colors": self._get_level_colors,
        }

    @api.model
    def _prepare(self, evaluation):
        """Return all that the photographie of ``evaluation`` shows."""
        path_sudo = self._get_path(evaluation)
        subthemes = self._prepare_nodes(path_sudo, "subtheme")
        themes = self._prepare_nodes(path_sudo, "theme")
        lines = evaluation.line_ids.sorted(
            lambda line: (line.objective_id.sequence, line.objective_id.id)
        )
        levels = evaluation.version_id.scale_id.level_ids
        totals = path_sudo._get_scores_batch("all")
        path = [totals[e.id][0] for e in path_sudo]
        values = {
            "evaluation": evaluation,
            "names": self._get_names(path_sudo),
            "levels": levels,
            "total": path[-1],
            "path": [total["score"] for total in path],
            "comparable": self._is_comparable(path),
            "themes": themes,
            "subthemes": subthemes,
            "strip": self._prepare_strip(lines),
            "counts": self._count_answers(lines, levels),
            "strengths": self._get_strengths(lines, levels),
            "priorities": self._get_priorities(lines),
            "lines": lines,
            "terms": self._get_terms(lines),
        }
        words = Words(evaluation)
        return {
            **values,
            **self._prepare_drawings(values, words.get_percent_separator()),
            **words.get_all(values),
        }

    @api.model
    def _get_path(self, evaluation):
        """Return this evaluation's predecessors and itself, the first CAP first.

        In sudo: the earlier CAPs of the structure are part of this one's path, even
        where the reader was not yet their pilot. Only scores are read from them.
        """
        path_sudo = current_sudo = evaluation.sudo()
        while current_sudo.previous_id and current_sudo.previous_id not in path_sudo:
            current_sudo = current_sudo.previous_id
            path_sudo = current_sudo | path_sudo
        return path_sudo

    @api.model
    def _get_names(self, path):
        """Return how each CAP of a path is called: its year, or its whole date where
        two of one year would have the same name."""
        names = [str(e.year or e.version_id.name) for e in path]
        if len(set(names)) == len(names):
            return names
        return [
            format_date(self.env, evaluation.validated_on, date_format="d MMM y")
            if evaluation.validated_on
            else self.env._("under way")
            for evaluation in path
        ]

    @api.model
    def _prepare_nodes(self, path, kind):
        """Return the scores of each theme (or sub-theme), with the path's by code.

        A référentiel without sub-themes is drawn by themes.
        """
        scores = path._get_scores_batch(kind)
        objectives = self.env["cap.objective"].sudo()
        codes = {
            node["objective_id"]: objectives.browse(node["objective_id"]).code
            for nodes in scores.values()
            for node in nodes
        }
        by_code = [{codes[n["objective_id"]]: n for n in scores[e.id]} for e in path]
        current = scores[path[-1].id]
        if not current and kind == "subtheme":
            return self._prepare_nodes(path, "theme")
        nodes = []
        for node in current:
            code = codes[node["objective_id"]]
            path_nodes = [named.get(code) for named in by_code]
            scores_path = [found and found["score"] for found in path_nodes]
            nodes.append(
                {
                    **node,
                    "objective": objectives.browse(node["objective_id"]),
                    "path": scores_path,
                    "previous": scores_path[-2] if len(path) > 1 else None,
                    "comparable": self._is_comparable(path_nodes),
                }
            )
        return nodes

    @api.model
    def _is_comparable(self, nodes):
        """Tell whether the last two of these scores are both whole.

        Five objectives scored of 26 against 26 would alarm, or please, for nothing.
        """
        return len(nodes) > 1 and all(
            node and node["scored"] and node["scored"] == node["applicable"]
            for node in nodes[-2:]
        )

    @api.model
    def _prepare_strip(self, lines):
        """Return ``[(theme, [(sub-theme, lines)])]`` in the référentiel's order."""
        strip = []
        for theme, of_theme in lines.grouped(lambda x: x.objective_id.theme_id).items():
            groups = of_theme.grouped(lambda line: line.objective_id.subtheme_id)
            strip.append((theme, list(groups.items())))
        return strip

    @api.model
    def _count_answers(self, lines, levels):
        """Return how many lines each level has, and ``na`` and ``todo``."""
        counts = {level: 0 for level in levels}
        counts.update({"na": 0, "todo": 0})
        for line in lines:
            if line.level_id:
                counts[line.level_id] += 1
            else:
                counts["na" if line.state == "not_applicable" else "todo"] += 1
        return counts

    @api.model
    def _get_strengths(self, lines, levels):
        return lines.filtered(
            lambda line: line.level_id and line.level_id == levels[-1:]
        )

    @api.model
    def _get_priorities(self, lines):
        """Return the lines the team wants to progress on, the lowest level first."""
        chosen = lines.filtered(lambda line: line.progress_action == "yes")
        return chosen.sorted(
            lambda line: line.level_id.value if line.level_id else float("inf")
        )

    @api.model
    def _get_terms(self, lines):
        """Return the words of the glossary that the objectives of these lines use."""
        objectives = lines.objective_id
        glossary = self.env["cap.glossary.term"]._get_glossary(
            objectives.version_id[:1].lang
        )
        return glossary.collect(objectives.mapped("name"))

    @api.model
    def _prepare_drawings(self, values, sep):
        label = self._get_radar_label(values)
        axes = [
            radar.Axis(
                node["objective"].code,
                node["objective"].name,
                node["score"],
                node["previous"],
                node["objective"].theme_id.code or "",
            )
            for node in values["subthemes"]
        ]
        style = {
            "rings": max(len(values["levels"]) - 1, 1),
            "sep": sep,
            "none": self.env._("not scored"),
        }
        return {
            "radar": Markup(radar.radar(axes, label, **style)),
            "radar_compact": Markup(radar.radar(axes, label, compact=True, **style)),
            "trends": self._prepare_trends(values, sep),
        }

    @api.model
    def _get_radar_label(self, values):
        if len(values["names"]) > 1:
            return self.env._(
                "Radar of the %(count)s sub-themes, CAP %(now)s compared with CAP "
                "%(before)s. The values are in the table that follows.",
                count=len(values["subthemes"]),
                now=values["names"][-1],
                before=values["names"][-2],
            )
        return self.env._(
            "Radar of the %(count)s sub-themes, CAP %(now)s. The values are in the "
            "table that follows.",
            count=len(values["subthemes"]),
            now=values["names"][-1],
        )

    @api.model
    def _prepare_trends(self, values, sep):
        """Return ``[(theme, drawing)]`` when there is a path to show."""
        if len(values["names"]) < 2:
            return []
        trends = []
        for node in values["themes"]:
            points = list(zip(values["names"], node["path"], strict=True))
            told = ", ".join(
                f"{name} {radar.percent(score, sep, self.env._('not scored'))}"
                for name, score in points
            )
            label = f"{node['objective'].name}, {told}"
            trends.append((node["objective"], Markup(radar.trend(points, label, sep))))
        return trends

    @api.model
    def _get_level_colors(self, level):
        """Return what a level is drawn with, see ``kernel/charts/palette.py``."""
        return level_colors(level.color)
