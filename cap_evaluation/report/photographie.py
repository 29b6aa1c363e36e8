from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from markupsafe import Markup

from odoo import api, models

from ..kernel.answer import FIELDS
from ..kernel.charts.palette import EDGE, NOW
from ..kernel.charts.radar import Axis, radar, sign
from ..kernel.charts.strip import Cell, Group, strip
from ..kernel.charts.trend import Moment, trend
from ..kernel.scoring import Summary, summarise
from ..tools.dates import format_day
from ..tools.words import Words


class Course(NamedTuple):
    """What a theme, a sub-theme or the whole CAP was scored, from CAP to CAP.

    :param objective: the theme or sub-theme as it is today, none for the whole CAP
    :param summaries: one for each CAP of the path, this one last
    :param is_same: whether the last CAP measured the same thing
    """

    objective: Any
    summaries: tuple[Summary, ...]
    is_same: bool = True

    @property
    def now(self) -> Summary:
        """Return the summary of this CAP."""
        return self.summaries[-1]

    @property
    def before(self) -> Summary | None:
        """Return the summary of the CAP before this one, None for a first CAP."""
        return self.summaries[-2] if len(self.summaries) > 1 else None

    @property
    def is_comparable(self) -> bool:
        """Tell whether the last two scores are both whole, and of one thing.

        Five objectives scored of 26 against 26 would alarm, or please, for nothing.
        """
        return bool(
            self.before and self.is_same and self.before.is_whole and self.now.is_whole
        )


class Photographie:
    """What the photographie of one evaluation shows, on the page and in the PDF.

    Nothing here is a rule: scores come from ``cap.evaluation``, what continues what
    from the lineage of the référentiel, drawings from ``kernel/charts``, sentences from
    ``tools/words.py``; this puts them in the order people read them.
    """

    def __init__(self, evaluation):
        self.evaluation = evaluation
        self.env = evaluation.env
        self.words = Words(evaluation)

    # ------------------------------------------------------------------- path

    @cached_property
    def path_sudo(self):
        """Return this evaluation's predecessors and itself, the first CAP first.

        In sudo: the earlier CAPs of the structure are part of this one's path, even
        where the reader was not yet their pilot. Only scores are read from them.
        """
        path_sudo = current_sudo = self.evaluation.sudo()
        while current_sudo.previous_id and current_sudo.previous_id not in path_sudo:
            current_sudo = current_sudo.previous_id
            path_sudo = current_sudo | path_sudo
        return path_sudo

    @cached_property
    def names(self):
        """Return how each CAP of a path is called: its year, or its whole day where
        two of one year would have the same name; the open one is under way.

        Never an edition's name: "2027" beside 2024 and 2025 would read as a year.
        """
        names = [str(e.year) if e.year else "" for e in self.path_sudo]
        if len(set(names)) < len(names):
            names = [format_day(self.env, e.validated_day) for e in self.path_sudo]
        return [name or self.env._("under way") for name in names]

    # ----------------------------------------------------------------- scores

    @cached_property
    def total(self):
        """Return the course of the whole CAP."""
        answers = self._answers["theme"]
        of_cap = {}
        for (evaluation_id, _theme), found in answers.items():
            of_cap.setdefault(evaluation_id, []).extend(found)
        return Course(
            None,
            tuple(
                summarise(of_cap.get(e.id, ()), e.version_id.scale_id._get_bounds())
                for e in self.path_sudo
            ),
        )

    @cached_property
    def themes(self):
        """Return the course of each theme, in the référentiel's order."""
        return self._get_courses("theme")

    @cached_property
    def subthemes(self):
        """Return the course of each sub-theme; of the themes where there are none."""
        return self._get_courses("subtheme") or self.themes

    @cached_property
    def _answers(self):
        """Return what was scored, by kind: ``{(evaluation id, node id): [Scored]}``."""
        of_subthemes = self.path_sudo._read_scored("subtheme")
        if any(not node for _evaluation, node in of_subthemes):
            # Objectives right under a theme: only the database knows which.
            of_themes = self.path_sudo._read_scored("theme")
        else:
            nodes_sudo, of_themes = self._nodes.sudo(), {}
            nodes_sudo |= nodes_sudo.browse(node for _evaluation, node in of_subthemes)
            themes = {node.id: node.theme_id.id for node in nodes_sudo}
            for (evaluation, node), found in of_subthemes.items():
                of_themes.setdefault((evaluation, themes[node]), []).extend(found)
        return {"theme": of_themes, "subtheme": of_subthemes}

    @cached_property
    def _nodes(self):
        """Return the themes and sub-themes of this edition, in its order."""
        return self.env["cap.objective"].search_fetch(
            [
                ("version_id", "=", self.evaluation.version_id.id),
                ("kind", "in", ("theme", "subtheme")),
            ],
            ["kind", "code", "name", "sequence", "theme_id"],
            order="sequence, id",
        )

    @cached_property
    def _sources(self):
        """Return what today's themes and sub-themes continue in each earlier edition of
        the path: ``{edition: {objective id: ids}}``.
        """
        version_sudo = self.path_sudo[-1:].version_id
        return {
            origin: version_sudo._get_sources(origin, ("theme", "subtheme"))
            for origin in self.path_sudo.version_id - version_sudo
        }

    def _get_courses(self, kind):
        nodes = self._nodes.filtered(lambda node: node.kind == kind)
        return [self._get_course(node, kind) for node in nodes]

    def _get_course(self, node, kind):
        """Return the course of a theme or sub-theme, through its lineage."""
        answers, summaries = self._answers[kind], []
        for evaluation in self.path_sudo:
            found = (
                answers.get((evaluation.id, source), ())
                for source in self._get_continued(evaluation.version_id, node)
            )
            bounds = evaluation.version_id.scale_id._get_bounds()
            summaries.append(summarise(chain.from_iterable(found), bounds))
        return Course(node, tuple(summaries), self._is_same(node))

    def _get_continued(self, version, node):
        """Return the ids that ``node`` continues in an edition of the path."""
        if version not in self._sources:
            return [node.id]
        return self._sources[version].get(node.id, [])

    def _is_same(self, node):
        """Tell whether ``node`` alone continues what it continues in the last CAP.

        Of two halves of a theme neither rises or falls from what the whole one was.
        """
        before = self.path_sudo[-2:-1].version_id
        if before not in self._sources:
            return True
        others = chain.from_iterable(
            sources
            for other, sources in self._sources[before].items()
            if other != node.id
        )
        return set(self._get_continued(before, node)).isdisjoint(others)

    # ------------------------------------------------------------- objectives

    @cached_property
    def lines(self):
        """Return the lines in the référentiel's order."""
        return self.env["cap.evaluation.line"].search_fetch(
            [("evaluation_id", "=", self.evaluation.id)],
            ["objective_id", "previous_level_id", *FIELDS],
            order="objective_id",
        )

    @cached_property
    def levels(self):
        """Return the levels of the scale, the lowest first."""
        return self.evaluation.version_id.scale_id.level_ids

    @cached_property
    def groups(self):
        """Return ``[(theme's course, [(sub-theme's course or none, lines)])]``."""
        courses = {course.objective: course for course in self.subthemes}
        of_theme = self.lines.grouped(lambda line: line.objective_id.theme_id)
        return [
            (
                theme,
                [
                    (courses.get(subtheme) if subtheme else None, lines)
                    for subtheme, lines in of_theme[theme.objective]
                    .grouped(lambda line: line.objective_id.subtheme_id)
                    .items()
                ],
            )
            for theme in self.themes
            if theme.objective in of_theme
        ]

    @cached_property
    def counts(self):
        """Return how many lines each level has, and ``na`` and ``todo``."""
        counts = {level: 0 for level in self.levels}
        counts.update({"na": 0, "todo": 0})
        for line in self.lines:
            if line.level_id:
                counts[line.level_id] += 1
            else:
                counts["na" if line.state == "not_applicable" else "todo"] += 1
        return counts

    @cached_property
    def strengths(self):
        """Return the lines at the last level of the scale."""
        return self.lines.filtered(
            lambda x: x.level_id and x.level_id == self.levels[-1:]
        )

    @cached_property
    def priorities(self):
        """Return the lines the team wants to progress on, the lowest level first."""
        chosen = self.lines.filtered(lambda line: line.progress_action == "yes")
        return chosen.sorted(
            lambda line: line.level_id.value if line.level_id else float("inf")
        )

    @staticmethod
    def keep_last(lines, longest=1000):
        """Return ``lines`` in blocks for the PDF: the last two are one block.

        So that none of a list is alone on a page; long texts may part.
        """
        blocks = [line for line in lines]
        said = [line.progress_comment or "" for line in lines[-2:]]
        if len(blocks) > 1 and sum(map(len, said)) < longest:
            blocks[-2:] = [lines[-2:]]
        return blocks

    @cached_property
    def remarks(self):
        """Return the lines on which the team wrote a comment, or why not applicable."""
        return self.lines.filtered(lambda line: line.comment or line.na_reason)

    @cached_property
    def proposals(self):
        """Return which wordings wait for COORACE, said once; "" where none does."""
        return self.words.tell_proposals(self.lines.objective_id)

    @cached_property
    def terms(self):
        """Return the words of the glossary that the objectives of these lines use."""
        objectives = self.lines.objective_id
        glossary = self.env["cap.glossary.term"]._get_glossary(
            objectives.version_id[:1].lang
        )
        return glossary.collect(objectives.mapped("name"))

    # --------------------------------------------------------------- drawings

    @cached_property
    def has_parts(self):
        """Tell whether a point of the radar stands for a part of its objectives."""
        return any(c.now.scored and not c.now.is_whole for c in self.subthemes)

    @cached_property
    def has_trend_parts(self):
        """Tell whether a point of the path stands for a part of its objectives."""
        return any(
            s.scored and not s.is_whole for c in self.themes for s in c.summaries
        )

    @staticmethod
    def key(name):
        """Return the sign that a legend explains: ``now``, ``before`` or ``part``."""
        return Markup(sign(name))

    @cached_property
    def radar(self):
        """Return the radar of the sub-themes, with their names."""
        return self._draw_radar()

    @cached_property
    def radar_compact(self):
        """Return the radar with codes instead of names, for narrow screens."""
        return self._draw_radar(compact=True)

    def _draw_radar(self, **style):
        axes = [
            Axis(
                course.objective.code,
                course.objective.name,
                course.now.score,
                course.before and course.before.score,
                course.objective.theme_id.code or "",
                course.now.is_whole,
            )
            for course in self.subthemes
        ]
        label = self.words.tell_radar(len(axes), self.names)
        return Markup(
            radar(
                axes,
                label,
                rings=max(len(self.levels) - 1, 1),
                tell=self.words.percent_or_none,
                **style,
            )
        )

    @cached_property
    def strip(self):
        """Return every objective at a glance, as one drawing for the PDF."""
        groups = [
            Group(
                (course or theme).objective.code,
                [self._get_cell(line) for line in lines],
            )
            for theme, parts in self.groups
            for course, lines in parts
        ]
        return Markup(strip(groups, self.words.tell_strip(len(self.lines))))

    def _get_cell(self, line):
        if not line.level_id:
            return Cell("NA" if line.state == "not_applicable" else "")
        rank = self.levels.ids.index(line.level_id.id)
        return Cell(
            str(line.level_id.value),
            rank / max(len(self.levels) - 1, 1),
            line.level_id._get_colors(),
        )

    @cached_property
    def trends(self):
        """Return ``[(theme, drawing)]`` when there is a path to show."""
        if len(self.path_sudo) < 2:
            return []
        return [
            (course.objective, Markup(self._draw_trend(course)))
            for course in self.themes
        ]

    def _draw_trend(self, course):
        moments = [
            Moment(
                name,
                summary.score,
                f"{summary.scored}/{summary.applicable}"
                if summary.scored and not summary.is_whole
                else "",
            )
            for name, summary in zip(self.names, course.summaries, strict=True)
        ]
        label = self.words.tell_trend(course, self.names)
        return trend(moments, label, self.words.percent)


class PhotographieReport(models.AbstractModel):
    """The photographie as a PDF."""

    _name = "report.cap_evaluation.report_photographie"
    _description = "CAP Photographie"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template reads; refused to who may not read them all."""
        evaluations = self.env["cap.evaluation"].browse(docids)
        evaluations.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "cap.evaluation",
            "docs": evaluations,
            "photographies": {e.id: Photographie(e) for e in evaluations},
            "bar_colors": {True: NOW, False: EDGE},
        }
