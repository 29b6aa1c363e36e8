from . import (
    test_action_model,
    test_booking,
    test_concurrency,
    test_generate,
    test_hooks,
    test_plan_page,
    test_plan_security,
    test_plan_tour,
    test_planning,
    test_portal_plan,
    test_project_task,
    test_timeline,
)
