from . import controllers, models, wizards

STAFF_GROUP = "cap_evaluation.group_cap_animator"
IMPLIED_GROUPS = ("project.group_project_user", "event.group_event_user")


def post_init_hook(env):
    """Make the stages that all plans share."""
    env["project.project"]._cap_get_stages()


def uninstall_hook(env):
    """Take back what we set on others' records.

    Projects, tasks and bookings stay, with the stages they stand in: the setting that
    knows these stages stays too, so that installing again finds them.
    """
    env["project.project"]._cap_hide_plans_by_default(False)
    staff = env.ref(STAFF_GROUP, raise_if_not_found=False)
    if staff:
        staff.implied_ids -= env["res.groups"].concat(*map(env.ref, IMPLIED_GROUPS))
