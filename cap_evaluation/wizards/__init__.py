from . import cap_edition_correction, cap_edition_defect, cap_referential_import
