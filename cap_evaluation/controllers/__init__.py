from . import portal, preview
