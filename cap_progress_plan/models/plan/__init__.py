from . import (
    cap_action_model,
    cap_evaluation,
    cap_evaluation_line,
    cap_objective,
    project_project,
    project_task,
)
