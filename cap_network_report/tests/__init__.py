from . import (
    test_attack,
    test_network_access,
    test_network_action,
    test_network_line,
    test_network_views,
    test_performance,
    test_portal_position,
    test_position,
    test_positions,
    test_workbook,
)
