from . import cap_network_action, cap_network_line
