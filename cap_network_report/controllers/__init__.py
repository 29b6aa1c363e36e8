from . import position, workbook
