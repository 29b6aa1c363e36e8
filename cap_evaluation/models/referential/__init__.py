from . import (
    cap_edition_content_mixin,
    cap_glossary_term,
    cap_objective,
    cap_objective_descriptor,
    cap_objective_indicator,
    cap_objective_question,
    cap_offer,
    cap_referential,
    cap_referential_version,
    cap_scale,
    cap_scale_level,
)
