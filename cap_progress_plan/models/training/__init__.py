from . import (
    cap_offer,
    event_event,
    event_event_ticket,
    event_registration,
    project_project,
    project_task,
    res_config_settings,
)
