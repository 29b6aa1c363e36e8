"""What is said of a problem in a workbook: what is wrong, and what to do."""


def describe(env, problems):
    """Return, for each problem, the sentence that says what is wrong and what to do.

    Where it stands is told beside it, by its sheet, row and column.

    :param problems: of :class:`~...kernel.workbook.schema.Problem`
    """
    texts, words = get_messages(env), get_expected(env)
    return [
        texts[problem.code]
        % {
            **problem._asdict(),
            "expected": words.get(problem.expected, problem.expected),
        }
        for problem in problems
    ]


def locate(env, problems):
    """Return the sentences of :func:`describe`, each behind the place it is about."""
    told = []
    for problem, text in zip(problems, describe(env, problems), strict=True):
        row = env._("row %(row)s", row=problem.row) if problem.row else ""
        where = ", ".join(filter(None, (problem.sheet, row, problem.column)))
        told.append(f"{where}: {text}" if where else text)
    return told


def get_expected(env):
    """Return ``{word of a problem: what a cell should have held}``."""
    return {
        "text": env._("a code typed as text (1.10 is not 1.1)"),
        "reference": env._("a code without comma, semicolon or line break"),
        "number": env._("a number"),
        "integer": env._("a whole number"),
        "color": env._("a colour like #1f7a6c"),
    }


def get_messages(env):
    """Return ``{problem code: message}``; values are filled in afterwards."""
    return {
        **_get_file_messages(env),
        **_get_sheet_messages(env),
        **_get_cell_messages(env),
        **_get_row_messages(env),
        **_get_database_messages(env),
        **_get_frozen_messages(env),
    }


def _get_file_messages(env):
    """Return what is said of a file that cannot be read."""
    return {
        "too_large": env._("The file is too large: %(expected)s MB at most."),
        "not_a_workbook": env._(
            "“%(found)s” cannot be read: choose an .xlsx workbook, or a .zip of .csv "
            "tables."
        ),
        "old_format": env._(
            "“%(found)s” is an old workbook (.xls), or one with a password: save it as "
            "an Excel workbook (.xlsx), without password, and choose that file."
        ),
        "other_format": env._(
            "“%(found)s” is another kind of workbook (.ods, .xlsb...): save it as an "
            "Excel workbook (.xlsx) and choose that file."
        ),
        "single_table": env._(
            "“%(found)s” is one table: put all the .csv tables into one .zip, or use a "
            "workbook (.xlsx)."
        ),
    }


def _get_sheet_messages(env):
    """Return what is said of a sheet, or of its headings."""
    return {
        "not_a_table": env._(
            "This table cannot be read from this row on: a quotation mark is not "
            "closed, or a text is too long. Save it again as CSV UTF-8."
        ),
        "not_a_text": env._(
            "The letters of this table cannot be read: save it again as CSV UTF-8."
        ),
        "missing_sheet": env._(
            "This table is missing: name it “%(expected)s”, as in the template."
        ),
        "double_sheet": env._(
            "This table is there several times: %(found)s. Keep one of them; one of "
            "these sheets may be hidden."
        ),
        "empty_sheet": env._("This sheet has no row below its headings."),
        "too_many_rows": env._("Too many rows: %(expected)s at most."),
        "no_heading": env._(
            "No heading is known in this row. The first row of the sheet names its "
            "columns: %(expected)s."
        ),
        "missing_column": env._("This column is missing."),
        "unknown_column": env._("Unknown column “%(found)s”; expected: %(expected)s."),
        "double_column": env._("This column is there twice: keep one."),
        "merged": env._(
            "The cells %(found)s are merged: split them, and fill in each one."
        ),
    }


def _get_cell_messages(env):
    """Return what is said of one cell."""
    return {
        "bad_value": env._("“%(found)s” was found; expected: %(expected)s."),
        "date": env._(
            "The spreadsheet made a date of this cell (%(found)s): set the whole "
            "column to the Text format, then type the cell again."
        ),
        "boolean": env._(
            "The spreadsheet made %(found)s of this cell: set the whole column to the "
            "Text format, then type the cell again."
        ),
        "error_cell": env._(
            "This cell holds the error %(found)s: mend its formula, or type the text "
            "itself."
        ),
        "formula": env._(
            "This formula has no result yet: open the workbook in a spreadsheet, save "
            "it, then choose it again. Or type the text itself."
        ),
        "empty_cell": env._("Fill in this cell."),
        "long_cell": env._("This text is too long: %(expected)s characters at most."),
        "bad_character": env._(
            "Some letters of this text were lost: type it again, and save a .csv as "
            "CSV UTF-8."
        ),
        "cell_without_heading": env._(
            "“%(found)s” stands outside the columns: name its column or remove it."
        ),
    }


def _get_row_messages(env):
    """Return what is said of rows that do not fit together."""
    return {
        "one_row_only": env._("One edition in a workbook: remove this row."),
        "duplicate": env._("“%(found)s” is there twice: keep one."),
        "one_level": env._("A scale has two levels at least."),
        "no_parent": env._(
            "Write the code of what this %(found)s belongs to (%(expected)s)."
        ),
        "orphan": env._("No objective has the code “%(found)s”."),
        "misplaced": env._("A %(found)s belongs to: %(expected)s."),
        "on_top": env._("A %(found)s belongs to nothing: empty this cell."),
        "nothing_to_score": env._("There is no operational objective to score."),
        "weight_not_positive": env._("A weight is over 0; “%(found)s” was found."),
        "outside_scale": env._(
            "“%(found)s” is not a level of the scale: choose %(expected)s."
        ),
        "negative": env._("“%(found)s” is negative: write 0 or more."),
        "own_edition": env._(
            "“%(found)s” is this very edition: a link goes to another one, or to a "
            "standard."
        ),
    }


def _get_database_messages(env):
    """Return what is said of what this database does not know, or refuses."""
    return {
        "no_type": env._("No structure type has the code “%(found)s”."),
        "no_offer": env._("No offer has the code “%(found)s”: add it in “Offres”."),
        "no_language": env._("“%(found)s” is no language: write fr_FR, for instance."),
        "which_referential": env._(
            "Several référentiels have the code “%(found)s”: choose above the one that "
            "receives this file."
        ),
        "refused": env._("These links are refused. %(found)s"),
        "no_target": env._("“%(expected)s” has no code “%(found)s”."),
        "scale_frozen": env._(
            "The scale “%(found)s” belongs to a published edition and no longer "
            "changes: give this one another code."
        ),
    }


def _get_frozen_messages(env):
    """Return what is said of what publication froze."""
    return {
        "frozen_changed": env._(
            "This edition is published and no longer changes: “%(expected)s” was "
            "expected, “%(found)s” was found. Write the name of a new edition."
        ),
        "frozen_moved": env._(
            "This edition is published and no longer changes: “%(expected)s” was "
            "expected here, “%(found)s” was found. Put the rows back in their order, "
            "or write the name of a new edition."
        ),
        "frozen_new": env._(
            "This edition is published and no longer changes: “%(found)s” is not in "
            "it. Write the name of a new edition."
        ),
        "frozen_removed": env._(
            "This edition is published and no longer changes: the row “%(found)s” is "
            "missing. Put it back, or write the name of a new edition."
        ),
    }
