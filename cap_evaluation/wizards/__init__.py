from . import cap_referential_import
