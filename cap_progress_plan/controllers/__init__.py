from . import action, booking, line_model, plan
