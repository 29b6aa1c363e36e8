from . import base_partner_merge_automatic_wizard
from . import (
    cap_edition_correction,
    cap_edition_defect,
    cap_edition_move,
    cap_edition_move_line,
    cap_pilot_invite,
    cap_pilot_invite_line,
    cap_referential_export,
    cap_referential_import,
    cap_referential_import_change,
    cap_referential_import_problem,
    cap_referential_load,
    cap_setup,
    cap_setup_issue,
    cap_setup_region,
    cap_setup_type,
)
