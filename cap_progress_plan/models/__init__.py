from . import plan, training
