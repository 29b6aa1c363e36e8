"""The pilot's pages over HTTP, beside Odoo's own: /my, and Survey's page of a section.

All are asked in turn on one server, so that a busy machine slows all alike; the log of
the server tells how many SQL queries each sent.
"""

import statistics
from typing import NamedTuple

from odoo.fields import Command

from .answering import LOGIN, make_pilot, make_version
from .harness import Measure, in_child, memory
from .server import Client, Server

WARM, TIMES = 4, 20
QUESTIONS = 12
HOME, SURVEY = "/my", "survey"


class Page(NamedTuple):
    """One page at one size: ours, Survey's as the limit, /my beside."""

    size: int
    ours: Measure
    limit: Measure
    home: Measure

    @property
    def ratio(self) -> float:
        return self.ours.seconds / self.limit.seconds

    @property
    def to_home(self) -> float:
        """How many times the page of /my it takes."""
        return self.ours.seconds / self.home.seconds

    @property
    def more_queries(self) -> float:
        """How many queries more than /my."""
        return self.ours.queries - self.home.queries


class Pages:
    """Measures every page once, whichever workload asks first."""

    def __init__(self):
        self._measures = {}

    def run(self, name):
        """Return what runs one page at its sizes, as every workload does."""

        def run(databases, sizes):
            if not self._measures:
                self._measures = measure_pages(databases)
            measures = self._measures
            return [
                Page(size, measures[name, size], measures[SURVEY, 1], measures[HOME, 1])
                for size in sizes
            ]

        return run


def measure_pages(databases):
    """Return ``{(page, size): what it costs}``, the medians of several turns."""
    database = databases.with_survey()
    paths = in_child(database, make_pages, commit=True)
    databases.vacuum(database)
    seconds = {page: [] for page in paths}
    with Server(databases.odoos, database) as server:
        client = Client(server.url)
        client.log_in(database, LOGIN)
        for turn in range(WARM + TIMES):
            for page, (path, sign) in paths.items():
                taken = client.time(lambda p=path, s=sign: _get(client, p, s))
                if turn >= WARM:
                    seconds[page].append(taken)
        megabytes = memory("VmHWM", server.process.pid)
        queries = server.read_queries("GET", TIMES)
    return {
        page: Measure(
            statistics.median(seconds[page]),
            statistics.median(queries[path]),
            megabytes,
        )
        for page, (path, _sign) in paths.items()
    }


def _get(client, path, sign):
    """Ask a page; a wrong one would be measured in silence."""
    html = client.get(path)
    assert sign in html, (path, sign)


# ---------------------------------------------------------------------- the scene


def make_pages(env):
    """Return ``{(page, size): (path, what its text holds)}``, all for one pilot."""
    cap = env["cap.referential.version"]._get_latest_published("CAP")
    versions = {72: cap, 500: make_version(env, 500)}
    region = env["cap.region"].search([], order="id", limit=1)
    structure = _make_structure(env, "Mesurée", region)
    user = make_pilot(env, structure)
    pilot = user.partner_id
    pages = {
        (HOME, 1): ("/my", "/my/cap"),
        (SURVEY, 1): (make_survey(env, user), "Question 12"),
    }
    for size, version in versions.items():
        opened = _open(
            env, _make_structure(env, f"Ouverte {size}", region), pilot, version
        )
        line = opened.line_ids[size // 2]
        pages["evaluate", size] = (f"/my/cap/{opened.id}/{line.id}", "cap-")
        other = structure if size == 72 else _make_structure(env, "Validée", region)
        closed = _open(env, other, pilot, version)
        closed.action_validate()
        pages["photographie", size] = (f"/my/cap/{closed.id}/results", "<svg")
        if size == 72:
            pages["position", 600] = (f"/my/cap/{closed.id}/position", "cap-")
    for actions in (10, 300):
        place = _make_structure(env, f"Plan {actions}", region)
        planned = _open(env, place, pilot, versions[500], actions)
        planned.action_generate_plan()
        pages["plan", actions] = (f"/my/cap/{planned.id}/plan", "Action 7")
    return pages


def _make_structure(env, name, region):
    types = env["cap.structure.type"].search([], limit=1)
    return env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "cap_region_id": region.id,
            "cap_size": "10_49",
            "cap_structure_type_ids": [Command.set(types.ids)],
        }
    )


def _open(env, structure, pilot, version, actions=0):
    """Return an evaluation under way: all answered, some asking for an action."""
    evaluation = env["cap.evaluation"]._open_for_structure(
        structure, pilot, version, env.company
    )
    evaluation.action_start()
    levels = evaluation.version_id.scale_id.level_ids
    for rank, line in enumerate(evaluation.line_ids):
        line.level_id = levels[rank * 79 % 101 % len(levels)]
    commented = evaluation.line_ids[::5]
    commented.write({"comment": "Les bilans ont lieu, souvent sans l'encadrement."})
    for rank, line in enumerate(evaluation.line_ids[:actions]):
        line.write({"progress_action": "yes", "progress_comment": f"Action {rank}"})
    return evaluation


def make_survey(env, user):
    """Publish a survey with a section of 12 questions; return its page's path.

    As ours, it shows what was answered and said, and lets one go back.
    """
    questions = [
        Command.create(
            {
                "title": f"Question {number}",
                "sequence": number,
                "question_type": "simple_choice",
                "comments_allowed": True,
                "suggested_answer_ids": [
                    Command.create({"value": f"Level {level}"}) for level in range(4)
                ],
            }
        )
        for number in range(1, QUESTIONS + 1)
    ]
    section = Command.create({"title": "Section", "is_page": True, "sequence": 0})
    survey = env["survey.survey"].create(
        {
            "title": "Self-assessment",
            "access_mode": "public",
            "users_login_required": True,
            "questions_layout": "page_per_section",
            "users_can_go_back": True,
            "question_and_page_ids": [section, *questions],
        }
    )
    answer = survey._create_answer(user=user)
    answer._mark_in_progress()
    for question in survey.question_ids:
        level = question.suggested_answer_ids[1]
        answer._save_lines(question, level.id, comment="Les bilans ont lieu.")
    return f"/survey/{survey.access_token}/{answer.access_token}"
