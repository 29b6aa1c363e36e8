from . import (
    cap_campaign,
    cap_evaluation,
    cap_evaluation_line,
)
