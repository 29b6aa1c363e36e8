# In the order of what extends what.
from . import rights, referential, structure, evaluation, crosswalk, editor, editions  # isort: skip
from . import portal  # isort: skip
