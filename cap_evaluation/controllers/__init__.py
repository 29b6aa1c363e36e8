from . import access, conclude, evaluate, home, preview, results
