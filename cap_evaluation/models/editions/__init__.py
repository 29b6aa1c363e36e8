from . import (
    cap_campaign,
    cap_evaluation,
    cap_referential_version,
)
