from . import (
    cap_pilot_invitation,
    cap_region,
    cap_structure_type,
    mail_template,
    res_partner,
)
