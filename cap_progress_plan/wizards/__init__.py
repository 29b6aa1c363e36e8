from . import base_partner_merge_automatic_wizard
from . import cap_book_training
from . import cap_referential_import
