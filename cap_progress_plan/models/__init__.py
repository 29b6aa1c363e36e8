from . import (
    cap_action_model,
    cap_evaluation,
    cap_evaluation_line,
    cap_objective,
    cap_offer,
    event_event,
    event_event_ticket,
    event_registration,
    project_project,
    project_task,
)
