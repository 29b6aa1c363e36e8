from . import cap_network_workbook
