"""Every context key that these modules read or set: what it is for, and whose it is.

A key that Odoo itself reads is not ours to list. ``tests/test_backoffice.py`` holds the
code to this list.
"""

KEYS = {
    "cap_editor_token": "what an objective said when the editor opened its form; saving"
    " over somebody else's change is refused (`models/editor`)",
    "cap_mail_queue": "portal invitations wait in the mail queue (`mail_template.py`)",
    "cap_mails_by_cron": "the mails of a booking leave by the event's own job "
    "(`event_registration.py`)",
    "cap_short_names": "names cut for a matrix: objectives and clauses",
    "cap_source_version": "the edition whose crosswalk links count, ids or typed text "
    "(`cap_crosswalk_target_mixin.py`)",
    "cap_without_followers": "tasks made in numbers subscribe nobody "
    "(`project_task.py`)",
    "show_edition": "the edition in the name of an objective, where several mix",
}
