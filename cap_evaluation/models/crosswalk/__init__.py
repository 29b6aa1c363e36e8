from . import cap_crosswalk_target_mixin  # isort: skip  (what the others inherit)
from . import (
    cap_clause,
    cap_objective,
    cap_objective_mapping,
    cap_objective_mapping_waiting,
)
