from . import (
    test_access,
    test_campaign,
    test_concurrency,
    test_evaluation,
    test_exchange,
    test_import,
    test_line,
    test_performance,
    test_referential,
    test_scoring,
)
