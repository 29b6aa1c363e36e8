from . import cap_book_training, cap_referential_import
