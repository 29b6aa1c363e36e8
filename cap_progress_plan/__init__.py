from . import controllers, models, tools, wizards

STAFF_GROUP = "cap_evaluation.group_cap_animator"
IMPLIED_GROUPS = ("project.group_project_user", "event.group_event_user")


def post_init_hook(env):
    """Make the stages that all plans share; find the plans of a former install."""
    env["project.project"]._cap_get_stages()
    env["project.project"]._cap_adopt_plans()


def uninstall_hook(env):
    """Take back what we set on others' records.

    Projects, tasks and bookings stay, with the stages they stand in: the settings that
    know these stages, and which projects are plans, stay too, so that installing again
    finds them.
    """
    env["project.project"]._cap_remember_plans()
    env["project.project"]._cap_hide_plans_by_default(False)
    staff = env.ref(STAFF_GROUP, raise_if_not_found=False)
    if staff:
        staff.implied_ids -= env["res.groups"].concat(*map(env.ref, IMPLIED_GROUPS))
