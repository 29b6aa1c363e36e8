"""Importing a référentiel, and the ORM's own batched create of the same records."""

import base64

LEVELS = range(4)
INDICATORS = 2  # for each objective


def import_workbook(env, objectives):
    """The wizard's button: the workbook read, checked whole, then written."""
    # The addons path is known once the options are read, after this file
    from odoo.addons.cap_evaluation.kernel.workbook.write import write_xlsx

    data = base64.b64encode(write_xlsx(_get_content(objectives)))
    wizard = env["cap.referential.import"].create({"file": data, "filename": "b.xlsx"})

    def work():
        action = wizard.action_import()
        version = env["cap.referential.version"].browse(action["res_id"])
        env.flush_all()
        assert len(version.objective_ids) == objectives, wizard.summary

    return work


def create_records(env, objectives):
    """The same records by one create for each level of the tree, nothing checked."""
    rows = _get_content(objectives)

    def work():
        version = _create_version(env)
        made = {False: env["cap.objective"]}
        for kind in ("theme", "subtheme", "general", "operational"):
            cells = [r.cells for r in rows["objectives"] if r.cells["type"] == kind]
            records = env["cap.objective"].create(
                [
                    {
                        "version_id": version.id,
                        "parent_id": made[c["code_parent"] or False].id,
                        "sequence": c["rank"],
                        "kind": kind,
                        "code": c["code"],
                        "name": c["intitule"],
                        "guidance": c["guide"],
                        "source": c["source"],
                    }
                    for c in cells
                ]
            )
            made |= {c["code"]: r for c, r in zip(cells, records, strict=True)}
        env["cap.objective.indicator"].create(
            [
                {
                    "objective_id": made[row.cells["code_objectif"]].id,
                    "sequence": row.number,
                    "name": row.cells["indicateur"],
                }
                for row in rows["indicators"]
            ]
        )
        env.flush_all()

    return work


def _create_version(env):
    scale = env["cap.scale"].create(
        {
            "code": "BENCH",
            "name": "BENCH",
            "level_ids": [(0, 0, {"value": v, "name": f"Level {v}"}) for v in LEVELS],
        }
    )
    referential = env["cap.referential"].create({"code": "BENCH", "name": "Bench"})
    return env["cap.referential.version"].create(
        {
            "referential_id": referential.id,
            "name": "1",
            "lang": "fr_FR",
            "scale_id": scale.id,
        }
    )


def _get_content(objectives):
    """Return the tables of a référentiel of so many objectives, themes included."""
    from odoo.addons.cap_evaluation.kernel.workbook.schema import Content, Row

    tables = {
        "referential": [
            {
                "code": "BENCH",
                "nom": "Bench",
                "edition": "1",
                "langue": "fr_FR",
                "echelle": "BENCH",
            }
        ],
        "levels": [{"valeur": v, "nom": f"Level {v}"} for v in LEVELS],
        "objectives": list(_get_tree(objectives)),
    }
    tables["indicators"] = [
        {"code_objectif": cells["code"], "indicateur": f"Indicator {rank}, in words"}
        for cells in tables["objectives"]
        for rank in range(INDICATORS)
    ]
    return Content(
        {
            key: [Row(number, cells) for number, cells in enumerate(rows, 2)]
            for key, rows in tables.items()
        }
    )


def _get_tree(objectives):
    """Yield the cells of each node: 4 themes, 3 sub-themes each, then objectives."""
    heads = [(f"{t}", "", "theme") for t in range(1, 5)]
    heads += [(f"{t}.{s}", f"{t}", "subtheme") for t in range(1, 5) for s in (1, 2, 3)]
    heads += [(f"{code}.1", code, "general") for code, _parent, _kind in heads[4:]]
    generals = [code for code, _parent, kind in heads if kind == "general"]
    leaves = [
        (f"{generals[n % 12]}.{n}", generals[n % 12], "operational")
        for n in range(objectives - len(heads))
    ]
    for rank, (code, parent, kind) in enumerate(heads + leaves, 1):
        yield {
            "rank": rank,
            "code": code,
            "code_parent": parent,
            "type": kind,
            "intitule": f"The objective {code}, worded as long as they usually are",
            "guide": "What to ask, and which evidence could be shown. " * 3,
            "source": "COORACE, 2026",
        }
