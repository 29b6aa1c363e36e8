from . import (
    base_partner_merge_automatic_wizard,
    cap_book_training,
    cap_referential_import,
)
