from . import base_partner_merge, cap_book_training, cap_referential_import
