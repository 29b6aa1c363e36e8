from . import cap_position
