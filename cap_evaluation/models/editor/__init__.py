from . import (
    cap_objective,
    cap_referential_version,
)
